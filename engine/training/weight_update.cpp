#include "engine/training/weight_update.h"

namespace embedscope {

WeightUpdate::WeightUpdate(const WeightGroup& group) {
    for (const torch::Tensor& weight : group.weights) {
        weights_.push_back(weight.detach());
        before_.push_back(weights_.back().clone());
    }
}

double WeightUpdate::ratio() const {
    std::vector<torch::Tensor> changes, norms;
    for (std::size_t i = 0; i < weights_.size(); ++i) {
        changes.push_back((weights_[i] - before_[i]).norm());
        norms.push_back(before_[i].norm());
    }
    const double norm = torch::stack(norms).norm().item<double>();
    return norm > 0 ? torch::stack(changes).norm().item<double>() / norm : 0;
}

}  // namespace embedscope
