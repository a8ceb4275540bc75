#pragma once

#include "engine/experiment.h"

#include <torch/types.h>

#include <memory>
#include <vector>

namespace embedscope {

struct WeightGroup {
    std::vector<torch::Tensor> weights;
    bool ofLoss = false;  ///< Proxies and the like: a learning rate of their own, no weight decay.
};

/// Written here rather than taken from torch::optim: half the compile time of this room, and the learning rate is an
/// argument instead of state to keep in step.
class Optimizer {
public:
    virtual ~Optimizer() = default;
    /// Moves every weight that has a gradient.
    virtual void step(double learningRate) = 0;
};

/// @throws std::invalid_argument naming the known ids or parameters.
std::unique_ptr<Optimizer> makeOptimizer(const Choice& choice, std::vector<WeightGroup> groups);

/// Euclidean norm over all gradients, on the weights' device: a scalar.
torch::Tensor gradientNorm(const std::vector<WeightGroup>& groups);
void clearGradients(const std::vector<WeightGroup>& groups);

}  // namespace embedscope
