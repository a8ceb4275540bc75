#pragma once

#include "engine/losses/tuples.h"

#include <torch/types.h>

namespace embedscope {

/// The same tuples without those whose anchor is not among the first `anchors` rows; the other rows stay partners. What
/// a miner chose from a batch with the memory of past batches below it becomes what the batch learns from.
/// @param labels [N] int64 of all rows, -1 unlabelled.
Tuples anchoredOn(std::int64_t anchors, const torch::Tensor& labels, Tuples tuples);

}  // namespace embedscope
