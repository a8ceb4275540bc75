#pragma once

#include "engine/losses/tuples.h"

#include <torch/types.h>

namespace embedscope {

/// How often each ordered pair of rows counts; row = anchor, of the embeddings' type.
struct PairWeights {
    torch::Tensor similar;     ///< [B, B]
    torch::Tensor dissimilar;  ///< [B, B]
};

/// The pairs of any tuples: those listed; (a,p) and (a,n) of every triplet, as often as they occur; or all that the
/// labels allow.
/// @param embeddings [B, D]; read for a window only.
PairWeights pairWeights(const torch::Tensor& embeddings, const torch::Tensor& labels, const Tuples& tuples);

/// How often each ordered pair stands in a triplet of the tuples; what a loss over triplets needs that is a sum of a
/// term of (a,p) and one of (a,n).
PairWeights tripletPairWeights(const torch::Tensor& embeddings, const torch::Tensor& labels, const Tuples& tuples);

}  // namespace embedscope
