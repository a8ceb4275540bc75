#pragma once

#include "engine/losses/pair_weights.h"
#include "engine/losses/tuples.h"

#include <torch/types.h>

namespace embedscope {

/// The term of one triplet, t = d(a,p) - d(a,n) + margin.
struct TripletTerm {
    enum class Shape {
        Hinge,  ///< max(0, t)
        Soft,   ///< log(1 + exp t)
        Count,  ///< 1
    };
    Shape shape = Shape::Hinge;
    double margin = 0;
    bool swap = false;  ///< min(d(a,n), d(p,n)) in place of d(a,n).
    Distance distance = Measure::Squared;
};

/// What became of the triplets of one batch.
struct TripletSum {
    torch::Tensor sum;          ///< Scalar with a gradient: the sum of the terms of the chosen triplets.
    std::int64_t selected = 0;  ///< Triplets that the tuples chose.
    std::int64_t counted = 0;   ///< Of these, with a positive term.
    std::int64_t active = 0;    ///< With a positive term, chosen or not, of the possible ones.
    std::int64_t possible = 0;  ///< Triplets that the labels allow; with listed tuples or masks, those selected.
};

/// Sums over all chosen triplets without listing them: O(B) memory for each anchor, O(B²) in all. The loops run on the
/// CPU; from another device only the B x B matrices travel. The same for any number of threads.
/// @param embeddings [B, D] with gradient. @param labels [B] int64, -1 is in no triplet.
TripletSum sumTriplets(const torch::Tensor& embeddings, const torch::Tensor& labels, const Tuples& tuples,
                       const TripletTerm& term);

/// How often each ordered pair stands in a triplet of a window or angle.
PairWeights windowPairCounts(const torch::Tensor& embeddings, const torch::Tensor& labels, const Tuples& tuples);

}  // namespace embedscope
