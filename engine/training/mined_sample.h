#pragma once

#include "engine/losses/loss.h"
#include "engine/mined_tuples.h"
#include "engine/training/partner_memory.h"

#include <cstdint>
#include <string>
#include <string_view>
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

/// Empty, or a sentence why a loss says nothing of single pairs and triplets. @param loss Its id.
std::string whyNoLossOfTuples(std::string_view loss);

/// Triplets of which the loss is asked by itself. @param rows [3n, D] Anchor, positive and negative of each.
/// @param labels [3n] int64. @param tuples Get loss, distances and their share of the gradient.
void judgeTriplets(const torch::Tensor& rows, const torch::Tensor& labels, Loss* loss, std::vector<MinedTuple>& tuples);

}  // namespace embedscope
