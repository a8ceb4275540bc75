#pragma once

#include <torch/types.h>

namespace embedscope {

/// Of what is computed from a matrix of distances: how it changes with the distance from i to j against that from j to
/// i.
enum class Slope {
    Any,
    Symmetric,  ///< The same, so that a pass over the matrix is saved.
};

/// Squared Euclidean distances between all rows, with a gradient. One matrix product; pairs so near that it would
/// cancel are computed directly, so that identical rows are at exactly 0.
/// @param rows [B, D] float or double. @return [B, B], symmetric.
torch::Tensor squaredDistances(const torch::Tensor& rows, Slope slope = Slope::Any);

/// Euclidean distances between all rows. The gradient at distance 0 is 0, never NaN.
torch::Tensor distances(const torch::Tensor& rows, Slope slope = Slope::Any);

/// Square root whose slope at 0 is 0, not infinite.
torch::Tensor safeRoot(const torch::Tensor& squares);

/// x / max(|x|, 1e-12).
torch::Tensor normalizedRows(const torch::Tensor& rows);

}  // namespace embedscope
