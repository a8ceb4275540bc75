#pragma once

#include "engine/encoders/mlp.h"
#include "engine/losses/followed_loss.h"
#include "engine/losses/parameter_loss.h"
#include "engine/losses/two_view_table.h"

namespace embedscope {

/// What BYOL and SimSiam share: a small network predicts from one view how the other one looks, and no gradient flows
/// back through what it is compared with. No negatives: the predictor and the stopped gradient keep the points apart.
class PredictorLoss : public ParameterLoss {
public:
    explicit PredictorLoss(const LossOrder& order);

    /// The predictor's.
    std::vector<torch::Tensor> weights() override { return predictor_.weights(); }
    /// The rows are their own targets.
    LossValue evaluate(const torch::Tensor& rows, const torch::Tensor&, const Tuples&) override {
        return compared(rows, rows);
    }
    /// @param rows [2N, D] with gradient. @param targets [2N, D], the same views; taken without their gradient if
    /// holdsTargets().
    LossValue compared(const torch::Tensor& rows, const torch::Tensor& targets) const;

protected:
    /// @param cosine Mean over images and both directions of the cosine of prediction and target.
    virtual torch::Tensor ofCosine(const torch::Tensor& cosine) const = 0;
    virtual bool holdsTargets() const { return true; }

private:
    Mlp predictor_;
};

/// Its targets come from the follower.
class Byol : public PredictorLoss, public FollowedLoss {
public:
    using PredictorLoss::PredictorLoss;
    LossValue evaluateAgainst(const torch::Tensor& rows, const torch::Tensor& targets) override {
        return compared(rows, targets);
    }
    double momentum(double progress) const override;

protected:
    torch::Tensor ofCosine(const torch::Tensor& cosine) const override { return 4 - 4 * cosine; }
};

}  // namespace embedscope
