#pragma once

#include <torch/types.h>

namespace embedscope {

/// How likely each row is drawn as the negative of each anchor, [B, B]; rows sum to 1, or to 0 without a candidate.
/// On normalised rows, evenly over distances: a distance counts against how often it occurs on the sphere.
/// @param cutoff Nearer negatives count as if at this distance. @param endless Farther ones are never drawn.
torch::Tensor distanceWeights(const torch::Tensor& embeddings, const torch::Tensor& labels, double cutoff,
                              double endless);

}  // namespace embedscope
