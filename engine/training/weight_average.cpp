// Polyak, Juditsky: Acceleration of Stochastic Approximation by Averaging, 1992, with exponential weights; the slow
// start is that of TensorFlow's ExponentialMovingAverage.

#include "engine/training/weight_average.h"

#include "engine/encoders/tensor_state.h"

#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <utility>

namespace embedscope {
namespace {

/// Calls `change` with every tensor of `follower` and the same one of `trained`.
template <typename Change>
void forEachPair(Encoder& follower, const Encoder& trained, const Change& change) {
    const at::NoGradGuard noGradient;
    for (std::size_t i = 0; i < trained.weights().size(); ++i)
        change(torch::Tensor(follower.weights()[i].tensor), trained.weights()[i].tensor);
    for (std::size_t i = 0; i < trained.statistics().size(); ++i)
        change(torch::Tensor(follower.statistics()[i].tensor), trained.statistics()[i].tensor);
}

}  // namespace

WeightAverage::WeightAverage(const Encoder& trained, std::unique_ptr<Encoder> follower, double decay)
    : follower_(std::move(follower)), decay_(decay) {
    restart(trained);
}

void WeightAverage::restart(const Encoder& trained) {
    steps_ = 0;
    forEachPair(*follower_, trained, [](torch::Tensor average, const torch::Tensor& value) { average.copy_(value); });
}

void WeightAverage::follow(const Encoder& trained) {
    ++steps_;
    const double kept = std::min(decay_, (1 + steps_) / (10 + steps_));
    forEachPair(*follower_, trained,
                [kept](torch::Tensor average, const torch::Tensor& value) { average.lerp_(value, 1 - kept); });
}

void WeightAverage::save(const StateWriter& state) const {
    state.number("steps", steps_);
    embedscope::save(state.part("encoder"), *follower_);
}

void WeightAverage::load(const StateReader& state) {
    steps_ = state.number<double>("steps");
    embedscope::load(state.part("encoder"), *follower_);
}

}  // namespace embedscope
