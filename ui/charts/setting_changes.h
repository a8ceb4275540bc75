#pragma once

#include "engine/snapshot.h"

#include <QString>

#include <optional>
#include <vector>

namespace embedscope {

/// A setting that was changed while the run went on.
struct SettingChange {
    std::int64_t step = 0;   ///< From here on.
    QString text;            ///< "Margin 0.2 → 0.5".
    bool otherLoss = false;  ///< What the loss was before says nothing of what it is since.
};

/// The changes of one run, found by comparing each snapshot's settings with those of the one before.
class SettingChanges {
public:
    /// A snapshot of another run begins anew. @return whether the changes are others now.
    bool follow(const Snapshot& snapshot);
    void clear();
    const std::vector<SettingChange>& all() const { return all_; }
    /// The newest step at which the loss became another one; none: it is the first.
    std::optional<std::int64_t> newestLossChange() const;

private:
    std::uint64_t runId_ = 0;
    std::optional<Experiment> settings_;
    std::vector<SettingChange> all_;
};

}  // namespace embedscope
