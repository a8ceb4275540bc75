#pragma once

#include "engine/losses/parameter_loss.h"

namespace embedscope {

/// What losses with one learned vector (or a few) a class share: the vectors, and the cosines to them.
class ClassWeights : public ParameterLoss {
public:
    /// @param each Vectors a class.
    ClassWeights(const LossOrder& order, std::int64_t each);

    std::vector<torch::Tensor> weights() override { return {vectors_}; }
    std::optional<Proxies> proxies() const override;
    LossValue evaluate(const torch::Tensor& embeddings, const torch::Tensor& labels, const Tuples& tuples) override;

protected:
    /// @param cosines [B, classes * each] of labelled rows. @param labels [B] 0 ≤ label < classes, B > 0.
    virtual torch::Tensor ofCosines(const torch::Tensor& cosines, const torch::Tensor& labels) const = 0;

    std::int64_t classes() const { return classes_; }
    const torch::Tensor& vectors() const { return vectors_; }

private:
    std::int64_t classes_;
    torch::Tensor vectors_;  ///< [classes * each, D], class by class.
};

}  // namespace embedscope
