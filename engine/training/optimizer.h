#pragma once

#include "engine/experiment.h"
#include "engine/run_state.h"

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

    /// Moments and counters.
    virtual void save(const StateWriter& state) const = 0;
    /// Of an optimiser of the same kind and the same weights.
    virtual void load(const StateReader& state) = 0;
};

/// How the weights are moved: in one pass over memory where that can be, or by tensor operations, for every device.
enum class Update { Fused, Tensors };

/// @throws std::invalid_argument naming the known ids or parameters.
std::unique_ptr<Optimizer> makeOptimizer(const Choice& choice, std::vector<WeightGroup> groups,
                                         Update update = Update::Fused);

/// Euclidean norm over all gradients, on the weights' device: a scalar.
torch::Tensor gradientNorm(const std::vector<WeightGroup>& groups);
/// Shortens all gradients together so that their norm, now `norm`, is at most `limit`; 0: leaves them.
void clipGradients(const std::vector<WeightGroup>& groups, double norm, double limit);
void clearGradients(const std::vector<WeightGroup>& groups);

}  // namespace embedscope
