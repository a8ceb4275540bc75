// Sutskever, Martens, Dahl, Hinton: On the Importance of Initialization and Momentum in Deep Learning, ICML 2013; the
// update is torch's, whose velocity does not contain the learning rate.

#include "engine/encoders/tensor_state.h"
#include "engine/training/optimizer_table.h"

#include <utility>

namespace embedscope {
namespace {

class Sgd : public GroupedOptimizer {
public:
    Sgd(std::vector<WeightGroup> groups, Update update, const CatalogEntry& row, const ParameterValues& values)
        : GroupedOptimizer(std::move(groups), update, row, values),
          momentum_(valueOf(row, values, "momentum")),
          velocity_(zeros()) {}

    void save(const StateWriter& state) const override { embedscope::save(state, "velocity", velocity_); }
    void load(const StateReader& state) override { embedscope::load(state, "velocity", velocity_); }

protected:
    void moveTensor(const Move& move) override {
        torch::Tensor weight = move.weight;
        const torch::Tensor slope = move.decay == 0 ? move.gradient : move.gradient.add(weight, move.decay);
        weight.add_(velocity_[move.slot].mul_(momentum_).add_(slope), -move.rate);
    }

    void moveSlice(const Move& move, std::int64_t first, std::int64_t count) override {
        withScalar(move.weight, [&](auto zero) {
            using Scalar = decltype(zero);
            auto* __restrict weight = elements<Scalar>(move.weight, first);
            const auto* __restrict gradient = elements<Scalar>(move.gradient, first);
            auto* __restrict velocity = elements<Scalar>(velocity_[move.slot], first);
            const auto momentum = static_cast<Scalar>(momentum_), decay = static_cast<Scalar>(move.decay);
            const auto rate = static_cast<Scalar>(move.rate);
            for (std::int64_t i = 0; i < count; ++i) {
                velocity[i] = momentum * velocity[i] + gradient[i] + decay * weight[i];
                weight[i] -= rate * velocity[i];
            }
        });
    }

private:
    double momentum_;
    std::vector<torch::Tensor> velocity_;
};

}  // namespace

OptimizerRow sgdRow() {
    CatalogEntry entry;
    entry.id = "sgd";
    entry.label = "SGD with momentum";
    entry.help =
        "The plain gradient with momentum. Needs a learning rate about a hundred times that of Adam and moves more "
        "evenly.";
    entry.formula = "v <- momentum v + gradient + decay w; w <- w - rate v";
    entry.source = "Sutskever et al., On the Importance of Initialization and Momentum in Deep Learning, ICML 2013";
    entry.parameters = {momentumParameter(), weightDecayParameter(), lossRateFactorParameter()};
    return {entry, makeGrouped<Sgd>};
}

}  // namespace embedscope
