#pragma once

#include "engine/losses/tuples.h"

#include <torch/types.h>

namespace embedscope {

/// How often each ordered pair of rows counts.
struct PairWeights {
    torch::Tensor similar;     ///< [B, B]
    torch::Tensor dissimilar;  ///< [B, B]
};

/// The pairs of any tuples: those listed; (a,p) and (a,n) of every triplet; or all that the labels allow.
/// @param embeddings [B, D]; read for a window only, which is measured on normalised rows.
PairWeights pairWeights(const torch::Tensor& embeddings, const torch::Tensor& labels, const Tuples& tuples);

}  // namespace embedscope
