#pragma once

#include "engine/snapshot.h"

#include <cstddef>
#include <memory>
#include <vector>

namespace embedscope {

/// The rows of a run's curves. When there are too many, the older half is merged in pairs: long runs keep their whole
/// course, the recent part in full detail.
class MetricsHistory {
public:
    static constexpr std::size_t kMaximumRows = 4000;

    void add(const MetricsRow& row);
    /// Never null; a new value only after add().
    std::shared_ptr<const std::vector<MetricsRow>> rows() const;

private:
    std::vector<MetricsRow> rows_;
    mutable std::shared_ptr<const std::vector<MetricsRow>> published_;
};

}  // namespace embedscope
