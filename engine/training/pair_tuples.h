#pragma once

#include "engine/losses/tuples.h"
#include "engine/training/batch_sampler.h"

#include <vector>

namespace embedscope {

/// Given pairs as tuples, in both directions, so that either image of a pair is an anchor.
Tuples tuplesOf(const std::vector<GivenPair>& pairs, const torch::Device& device);

}  // namespace embedscope
