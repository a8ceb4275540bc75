#pragma once

#include "engine/training/optimizer.h"

#include <torch/types.h>

#include <vector>

namespace embedscope {

/// How far a step moves weights, from a copy of them before it.
class WeightUpdate {
public:
    explicit WeightUpdate(const WeightGroup& group);
    /// Norm of the change by the norm of the weights before; 0 for weights that are all 0.
    double ratio() const;

private:
    std::vector<torch::Tensor> weights_;  ///< As they are: they share memory with those that are trained.
    std::vector<torch::Tensor> before_;
};

}  // namespace embedscope
