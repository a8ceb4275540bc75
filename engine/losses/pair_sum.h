#pragma once

#include "engine/losses/tuples.h"

#include <torch/types.h>

namespace embedscope {

/// The terms of a contrastive loss: max(0, d - pull)^power of a similar pair, max(0, push - d)^power of a dissimilar.
struct PairTerm {
    double pull = 0;
    double push = 1;
    int power = 1;  ///< 1 or 2.
};

/// The mean of which terms.
enum class PairMean {
    AllPairs,        ///< Over similar and dissimilar pairs together.
    EachKind,        ///< Of either kind over its pairs, added.
    EachKindActive,  ///< Of either kind over its terms above zero, added.
};

struct PairMeanValue {
    torch::Tensor mean;      ///< Scalar with a gradient.
    double pairs = 0;        ///< That the tuples chose.
    double active = 0;       ///< Of these, with a term above zero.
    double largestKind = 0;  ///< Pairs of the kind that has more.
};

/// What meanOfPairs() makes of distances that are symmetric: where every pair counts, both its orders count alike.
Slope slopeOf(const Tuples& tuples);

/// Value and gradient in two passes over the matrix; nothing else of its size is kept but the gradient.
/// @param distances [B, B] with gradient, smaller is nearer. @param embeddings [B, D]; read for a window or angle only.
PairMeanValue meanOfPairs(const torch::Tensor& distances, const torch::Tensor& embeddings, const torch::Tensor& labels,
                          const Tuples& tuples, const PairTerm& term, PairMean mean);

}  // namespace embedscope
