#include "engine/compare/settings.h"
#include "engine/comparison.h"

#include <algorithm>
#include <set>

namespace embedscope {
namespace {

using Differences = std::vector<SettingDifference>;

/// A setting across the runs; null where a run has none.
using Across = std::vector<const SettingValue*>;

bool differs(const Across& across) {
    std::set<std::string> values;
    bool missing = false, standard = true;
    for (const SettingValue* each : across) {
        missing |= !each;
        if (!each) continue;
        values.insert(each->value);
        standard &= each->standard;
    }
    // Of a choice that only some have made, e.g. the ten parameters of an augmentation: those that somebody has set.
    return values.size() > 1 || (missing && !standard);
}

SettingDifference difference(const Across& across) {
    SettingDifference result;
    for (const SettingValue* each : across) {
        if (each) result.id = each->id, result.label = each->label;
        result.values.push_back(each ? each->value : "");
    }
    return result;
}

bool comesLast(const SettingDifference& difference) {
    return difference.id == "seed" || difference.id == "name";
}

}  // namespace

Differences differences(const Comparison& comparison) {
    std::vector<std::vector<SettingValue>> runs;
    for (const ComparedRun& run : comparison.runs) runs.push_back(settingsOf(run.experiment));
    Differences found;
    for (const std::string& id : settingIds(runs)) {
        Across across;
        for (const auto& settings : runs) across.push_back(settingIn(settings, id));
        if (differs(across)) found.push_back(difference(across));
    }
    const auto last =
        std::stable_partition(found.begin(), found.end(), [](const auto& each) { return !comesLast(each); });
    std::stable_partition(last, found.end(), [](const auto& each) { return each.id == "seed"; });
    return found;
}

}  // namespace embedscope
