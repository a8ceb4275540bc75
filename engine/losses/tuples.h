#pragma once

#include "engine/losses/measure.h"

#include <torch/types.h>

namespace embedscope {

/// What a miner chose from one batch. Indices are rows of the batch, int64; pairs and triplets are ordered.
struct Tuples {
    enum class Kind {
        All,       ///< Every pair and every triplet that the labels allow; nothing is listed.
        Pairs,     ///< The listed pairs.
        Triplets,  ///< The listed triplets.
        Window,    ///< Every triplet with above < d(a,n) - d(a,p) <= upTo; never listed, so memory stays O(B^2).
        Angle,     ///< Every triplet whose negative sees anchor and positive under more than `angle`; never listed.
        Masks,     ///< The pairs that two masks mark; a triplet joins a similar and a dissimilar pair at the anchor.
    };
    Kind kind = Kind::All;

    torch::Tensor positivePairs;  ///< [2, P] anchors, positives.
    torch::Tensor negativePairs;  ///< [2, Q] anchors, negatives.
    torch::Tensor triplets;       ///< [3, T] anchors, positives, negatives.
    /// [B, B] bool, row = anchor. Of a window or an angle: the pairs that its triplets are made of; undefined there,
    /// the labels decide.
    torch::Tensor similar, dissimilar;
    double above = 0;  ///< Window, in the miner's distance; similarities negated.
    double upTo = 0;
    double angle = 0;  ///< Degrees, on the rows as they come: tan = |a-p| / (2 |n - (a+p)/2|).
    Distance distance = Measure::NormalizedEuclidean;  ///< Of the window.
    std::int64_t anchors = -1;  ///< Rows from here on are partners only, see anchoredOn(); -1: every row is an anchor.
};

}  // namespace embedscope
