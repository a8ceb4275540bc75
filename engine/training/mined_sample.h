#pragma once

#include "engine/losses/loss.h"
#include "engine/mined_tuples.h"
#include "engine/training/partner_memory.h"

#include <cstdint>
#include <vector>

namespace embedscope {

/// What the miner chose in one step, and from what.
struct MinedStep {
    Partners partners;                  ///< Rows without a gradient.
    std::vector<std::int32_t> samples;  ///< [anchors] The batch.
    Tuples tuples;
    std::uint64_t step = 0;
};

/// Rows of pictures from it: an anchor with a positive and a negative that it was compared with; of listed triplets
/// these very ones, of pairs two that share the anchor. Which are drawn depends on the step alone.
/// @param loss Asked for each row by itself; null: the loss of the run looks at whole batches. Its weights stay as they
/// are.
/// @param counts The batch is added to them.
MinedTuples sampleOf(const MinedStep& step, Loss* loss, MinedCounts& counts);

}  // namespace embedscope
