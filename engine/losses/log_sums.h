#pragma once

#include "engine/losses/pair_weights.h"

#include <torch/types.h>

namespace embedscope {

/// log Σ exp(values) over the marked entries of each row, [B]; about -1e30, with gradient 0, where none is marked.
/// One pass forward, one backward. @param values [B, C]. @param mask [B, C] bool.
torch::Tensor logSumExp(const torch::Tensor& values, const torch::Tensor& mask);

/// The mean of the marked entries of each row, [B]; 0 with gradient 0 where none is marked.
/// @param values [B, C]. @param mask [B, C] bool.
torch::Tensor markedMean(const torch::Tensor& values, const torch::Tensor& mask);

/// log(1 + exp x), exact also beyond x = 20, where torch's standard becomes the identity.
torch::Tensor softPlus(const torch::Tensor& values);

/// Σ weights·terms / Σ weights; 0 with a graph if nothing weighs.
torch::Tensor weightedMean(const torch::Tensor& terms, const torch::Tensor& weights);

/// Mean of the terms above zero, or of all terms that are marked; 0 with a graph if there is none.
/// @param mask Of the terms' shape, bool.
torch::Tensor average(const torch::Tensor& terms, const torch::Tensor& mask, bool aboveZeroOnly);

/// The pairs of a batch as masks, each pair once however often the tuples list it.
struct PairMasks {
    torch::Tensor similar;     ///< [B, B] bool
    torch::Tensor dissimilar;  ///< [B, B] bool
    torch::Tensor labelled;    ///< [B] bool, the labelled anchors.
};
PairMasks pairMasks(const torch::Tensor& embeddings, const torch::Tensor& labels, const Tuples& tuples);

}  // namespace embedscope
