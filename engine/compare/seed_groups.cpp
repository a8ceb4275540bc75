#include "engine/comparison.h"

#include <algorithm>
#include <cctype>
#include <set>

namespace embedscope {
namespace {

Experiment withoutSeed(Experiment experiment) {
    experiment.seed = 0;
    experiment.name.clear();
    return experiment;
}

/// Of forks only those agree that leave parents of one group at the same step.
using Key = std::pair<Experiment, std::optional<std::pair<std::size_t, std::int64_t>>>;

Key keyOf(const Comparison& comparison, std::size_t run, const std::vector<std::size_t>& groupOf) {
    const ComparedRun& each = comparison.runs[run];
    Key key{withoutSeed(each.experiment), std::nullopt};
    if (each.fork && each.fork->parent < run) key.second = {groupOf[each.fork->parent], each.fork->step};
    return key;
}

std::string lowered(std::string text) {
    // "Margin" -> "margin", but "MLP width" stays.
    const bool oneCapital = text.size() < 2 || !std::isupper(static_cast<unsigned char>(text[1]));
    if (!text.empty() && oneCapital) text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
    return text;
}

/// Numbers need their setting's name, words and names of files speak for themselves.
std::string spoken(const std::string& label, const std::string& value) {
    const bool number = !value.empty() && (std::isdigit(static_cast<unsigned char>(value[0])) || value[0] == '-');
    const bool vague = number || value == "none" || value == "yes" || value == "no" || value == "automatic";
    return vague ? lowered(label) + ' ' + value : value;
}

/// What the group's first run has and others do not: "margin 0.5, Semi-hard".
std::string nameOf(const Comparison& comparison, const std::vector<SettingDifference>& differences, std::size_t run) {
    std::string name;
    for (const SettingDifference& each : differences) {
        if (each.id == "seed" || each.id == "name" || each.values[run].empty()) continue;
        name += (name.empty() ? "" : ", ") + spoken(each.label, each.values[run]);
    }
    return name.empty() ? comparison.runs[run].name : name;
}

/// Two groups of one name (forks, say) are told apart by their first run's.
void tellApart(const Comparison& comparison, std::vector<SeedGroup>& groups) {
    for (SeedGroup& group : groups) {
        const auto same = [&](const SeedGroup& other) { return other.name == group.name; };
        if (std::ranges::count_if(groups, same) < 2) continue;
        const std::string shared = group.name;
        for (SeedGroup& each : groups)
            if (each.name == shared) each.name += " (" + comparison.runs[each.runs.front()].name + ')';
    }
}

}  // namespace

std::vector<SeedGroup> seedGroups(const Comparison& comparison) {
    const std::vector<SettingDifference> differing = differences(comparison);
    std::vector<Key> keys;
    std::vector<SeedGroup> groups;
    std::vector<std::size_t> groupOf;
    for (std::size_t run = 0; run < comparison.runs.size(); ++run) {
        const Key key = keyOf(comparison, run, groupOf);
        const auto group = static_cast<std::size_t>(std::ranges::find(keys, key) - keys.begin());
        if (group == keys.size()) {
            keys.push_back(key);
            groups.push_back({{}, nameOf(comparison, differing, run)});
        }
        groups[group].runs.push_back(run);
        groupOf.push_back(group);
    }
    tellApart(comparison, groups);
    return groups;
}

}  // namespace embedscope
