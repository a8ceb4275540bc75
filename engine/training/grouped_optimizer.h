#pragma once

#include "engine/training/optimizer.h"

#include <cstddef>
#include <cstdint>

namespace embedscope {

/// One weight in one step.
struct Move {
    std::size_t slot = 0;    ///< Numbers the weights, for state kept per weight.
    torch::Tensor weight;    ///< Detached.
    torch::Tensor gradient;  ///< In the weight's own memory layout.
    double rate = 0;
    double decay = 0;
};

/// The part that all optimisers share: groups, weight decay, the own rate of the loss's weights, the pass over memory.
class GroupedOptimizer : public Optimizer {
public:
    GroupedOptimizer(std::vector<WeightGroup> groups, Update update, const CatalogEntry& row,
                     const ParameterValues& values);
    void step(double learningRate) override;

protected:
    virtual void begin(const std::vector<Move>&) {}
    virtual void moveTensor(const Move& move) = 0;
    /// Elements first to first + count of a weight on the CPU, as they lie in memory. Called by several threads.
    virtual void moveSlice(const Move& move, std::int64_t first, std::int64_t count) = 0;

    /// A zero for every weight, in the weight's own memory layout.
    std::vector<torch::Tensor> zeros() const;

private:
    std::vector<Move> moves(double learningRate) const;
    void moveFused(const std::vector<Move>& moves);

    std::vector<WeightGroup> groups_;
    Update update_;
    double weightDecay_;
    double lossRateFactor_;
};

/// Calls `body` with the element type of the move: pass(Scalar{}).
template <typename Body>
void withScalar(const torch::Tensor& weight, const Body& body) {
    if (weight.scalar_type() == torch::kDouble)
        body(double{});
    else
        body(float{});
}

/// The elements from `first` of a tensor as they lie in memory.
template <typename Scalar>
Scalar* elements(const torch::Tensor& tensor, std::int64_t first) {
    return tensor.data_ptr<Scalar>() + first;
}

}  // namespace embedscope
