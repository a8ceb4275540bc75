#include "ui/charts/setting_changes.h"

#include "engine/comparison.h"

#include <QStringList>

#include <algorithm>

namespace embedscope {
namespace {

/// So many are told in words; a new loss brings all its parameters along.
constexpr std::size_t kMostInWords = 3;

QString inWords(const Experiment& before, const Experiment& after) {
    Comparison both;
    both.runs = {{"before", before, {}}, {"after", after, {}}};
    QStringList parts;
    for (const SettingDifference& each : differences(both)) {
        if (parts.size() == static_cast<qsizetype>(kMostInWords)) break;
        const auto value = [&](std::size_t run) {
            return each.values[run].empty() ? QString("–") : QString::fromStdString(each.values[run]);
        };
        parts << QString::fromStdString(each.label) + ' ' + value(0) + " → " + value(1);
    }
    return parts.join(", ");
}

bool areOtherLosses(const Experiment& before, const Experiment& after) {
    return before.loss.id != after.loss.id || before.viewLoss.id != after.viewLoss.id;
}

}  // namespace

bool SettingChanges::follow(const Snapshot& snapshot) {
    const bool another = settings_ && snapshot.runId != runId_;
    if (another) clear();
    const bool changed = settings_ && *settings_ != snapshot.settings;
    if (changed)
        all_.push_back(
            {snapshot.step, inWords(*settings_, snapshot.settings), areOtherLosses(*settings_, snapshot.settings)});
    if (!settings_ || changed) settings_ = snapshot.settings;
    runId_ = snapshot.runId;
    return another || changed;
}

std::optional<std::int64_t> SettingChanges::newestLossChange() const {
    const auto found = std::ranges::find_if(all_.rbegin(), all_.rend(), &SettingChange::otherLoss);
    return found == all_.rend() ? std::nullopt : std::optional(found->step);
}

void SettingChanges::clear() {
    settings_.reset();
    all_.clear();
}

}  // namespace embedscope
