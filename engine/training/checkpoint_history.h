#pragma once

#include "engine/checkpoint.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

namespace embedscope {

/// Whether a tenth of an epoch ends with this step.
bool endsTenth(std::int64_t step, std::int64_t stepsPerEpoch);

/// The checkpoints of a live run in memory: those at tenths of an epoch, thinned evenly when they become too many so
/// that epoch ends stay longest, and the one of the last pause. The newest is always kept, however large.
class CheckpointHistory {
public:
    static constexpr std::size_t kMostBytes = std::size_t{256} << 20;
    static constexpr std::size_t kMost = 64;

    explicit CheckpointHistory(std::size_t mostBytes = kMostBytes) : mostBytes_(mostBytes) {}

    void add(std::shared_ptr<const Checkpoint> checkpoint);
    /// Any thread. By step, at most one a step.
    std::vector<std::shared_ptr<const Checkpoint>> all() const;

private:
    bool passing(const Checkpoint& checkpoint) const;
    void thin();
    bool tooMany() const;

    std::size_t mostBytes_;
    mutable std::mutex mutex_;
    std::vector<std::shared_ptr<const Checkpoint>> kept_;
    std::int64_t everyTenths_ = 1;  ///< Only such tenths of an epoch are kept, and the newest checkpoint.
};

}  // namespace embedscope
