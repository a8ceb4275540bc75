#pragma once

#include "engine/losses/tuples.h"

#include <torch/types.h>

namespace embedscope {

/// What became of the triplets of one batch.
struct TripletSum {
    torch::Tensor sum;          ///< Scalar with a gradient: the sum of max(0, d(a,p) - d(a,n) + margin).
    std::int64_t selected = 0;  ///< Triplets that the tuples chose.
    std::int64_t active = 0;    ///< Of these, with a positive term.
    std::int64_t possible = 0;  ///< Triplets that the labels allow.
};

/// Sums the hinge over all chosen triplets without listing them: O(B) memory for each anchor, O(B²) in all.
/// @param distances [B, B] with gradient; squared or plain, as the loss has it.
/// @param windowDistances [B, B] what the window of `tuples` is measured in; needed for Kind::Window only.
/// @param labels [B] int64, -1 is in no triplet.
TripletSum sumTriplets(const torch::Tensor& distances, const torch::Tensor& windowDistances,
                       const torch::Tensor& labels, const Tuples& tuples, double margin);

/// Calls add(p, n) for each window triplet's anchor, positive and negative counts: how often each ordered pair stands
/// in a chosen triplet. @return {positive [B, B], negative [B, B]} float counts.
std::pair<torch::Tensor, torch::Tensor> windowPairCounts(const torch::Tensor& windowDistances,
                                                         const torch::Tensor& labels, const Tuples& tuples);

}  // namespace embedscope
