#include "engine/training/optimizer.h"

#include <vector>

namespace embedscope {

torch::Tensor gradientNorm(const std::vector<WeightGroup>& groups) {
    std::vector<torch::Tensor> norms;
    for (const WeightGroup& group : groups)
        for (const torch::Tensor& weight : group.weights)
            if (weight.grad().defined()) norms.push_back(weight.grad().norm());
    return norms.empty() ? torch::zeros({}) : torch::stack(norms).norm();
}

void clipGradients(const std::vector<WeightGroup>& groups, double norm, double limit) {
    if (limit <= 0 || norm <= limit) return;
    for (const WeightGroup& group : groups)
        for (const torch::Tensor& weight : group.weights)
            if (weight.grad().defined()) weight.mutable_grad().mul_(limit / norm);
}

void clearGradients(const std::vector<WeightGroup>& groups) {
    for (const WeightGroup& group : groups)
        for (const torch::Tensor& weight : group.weights) weight.mutable_grad().reset();
}

}  // namespace embedscope
