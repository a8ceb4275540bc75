#pragma once

#include <torch/types.h>

namespace embedscope {

/// What a miner chose from one batch. Indices are rows of the batch, int64; pairs and triplets are ordered.
struct Tuples {
    enum class Kind {
        All,       ///< Every pair and every triplet that the labels allow; nothing is listed.
        Pairs,     ///< The listed pairs.
        Triplets,  ///< The listed triplets.
        Window,    ///< Every triplet with above < d(a,n) - d(a,p) <= upTo; never listed, so memory stays O(B^2).
    };
    Kind kind = Kind::All;

    torch::Tensor positivePairs;  ///< [2, P] anchors, positives.
    torch::Tensor negativePairs;  ///< [2, Q] anchors, negatives.
    torch::Tensor triplets;       ///< [3, T] anchors, positives, negatives.
    double above = 0;             ///< Window, in the miner's distance (Euclidean on L2-normalised rows).
    double upTo = 0;
};

}  // namespace embedscope
