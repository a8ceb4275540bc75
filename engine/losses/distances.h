#pragma once

#include <torch/types.h>

namespace embedscope {

/// Squared Euclidean distances between all rows, with a gradient. One matrix product; pairs so near that it would
/// cancel are computed directly, so that identical rows are at exactly 0.
/// @param rows [B, D] float or double. @return [B, B], symmetric.
torch::Tensor squaredDistances(const torch::Tensor& rows);

/// Euclidean distances between all rows. The gradient at distance 0 is 0, never NaN.
torch::Tensor distances(const torch::Tensor& rows);

/// Square root whose slope at 0 is 0, not infinite.
torch::Tensor safeRoot(const torch::Tensor& squares);

/// x / max(|x|, 1e-12).
torch::Tensor normalizedRows(const torch::Tensor& rows);

}  // namespace embedscope
