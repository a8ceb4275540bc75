#pragma once

#include "engine/comparison.h"

#include <cstddef>
#include <cstdint>
#include <memory>

namespace embedscope {

/// What runs that are trained side by side share: turns, so that one of them at a time computes on all its threads, and
/// batches, so that images that several of them draw are converted and changed at random once. Neither changes a
/// number: a run gives the same bytes as alone. Each run is a twin by RunStart::twins; it holds this as long as it
/// lives.
///
/// A twin that is paused, has ended, failed or was stopped holds nobody back. Under Pace::LockStep step k of all comes
/// before step k + 1 of any: the others wait while a twin that was paused, or joined late as a fork, catches up. The
/// first step waits until as many runs have been started as makeTwins() was told. Later ones may join at any time.
class Twins;

/// @param runs That will be started; at least 1.
std::shared_ptr<Twins> makeTwins(std::size_t runs, Pace pace);

/// Any thread. Does not block. From the next step on.
void setPace(Twins& twins, Pace pace);

/// How often batches were shared.
struct SharedBatchCounts {
    std::int64_t made = 0;     ///< Converted and changed at random.
    std::int64_t taken = 0;    ///< By a twin, made for it or for another.
    std::size_t mostKept = 0;  ///< At any moment, for twins that had not come to them.
};

/// Any thread.
SharedBatchCounts sharedBatches(const Twins& twins);

}  // namespace embedscope
