#pragma once

#include "engine/run_state.h"
#include "engine/snapshot.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace embedscope {

/// The rows of a run's curves. When there are too many, older ones are merged in pairs, the finest first: long runs
/// keep their whole course in even detail, the recent part in full. As many rows as a screen has columns: every
/// checkpoint holds a copy, and metrics.csv keeps all.
class MetricsHistory {
public:
    static constexpr std::size_t kMaximumRows = 600;

    /// One of an earlier step takes the place of what comes after it: the run has gone back.
    void add(const MetricsRow& row);
    /// Never null; a new value only after add().
    std::shared_ptr<const std::vector<MetricsRow>> rows() const;

    void save(const StateWriter& state) const;
    void load(const StateReader& state);

private:
    void mergeSurplus();
    void mergeFinest();

    std::vector<MetricsRow> rows_;
    std::vector<std::int64_t> mergedFrom_;  ///< How many reports each row stands for.
    mutable std::shared_ptr<const std::vector<MetricsRow>> published_;
};

}  // namespace embedscope
