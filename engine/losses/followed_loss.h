#pragma once

#include "engine/losses/loss.h"

#include <vector>

namespace embedscope {

/// A loss on views whose targets come from a second network, the follower: encoder and head as they were, averaged over
/// the steps.
class FollowedLoss {
public:
    virtual ~FollowedLoss() = default;

    /// @param rows [2N, D] with gradient. @param targets [2N, D] The same views as the follower sees them; no gradient
    /// reaches them.
    virtual LossValue evaluateAgainst(const torch::Tensor& rows, const torch::Tensor& targets) = 0;
    /// Share of itself that the follower keeps at a step. @param progress Of the run, 0..1.
    virtual double momentum(double progress) const = 0;
    /// What it keeps from step to step beside its weights, for checkpoints. Stable order and shapes.
    virtual std::vector<torch::Tensor> memory() const { return {}; }
};

}  // namespace embedscope
