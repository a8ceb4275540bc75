// You, Gitman, Ginsburg: Large Batch Training of Convolutional Networks, 2017, algorithm 1. As SimCLR does, biases and
// the weights of normalisations (tensors of one axis) and those of the loss are neither adapted nor decayed.

#include "engine/encoders/tensor_state.h"
#include "engine/training/optimizer_table.h"

#include <utility>

namespace embedscope {
namespace {

class Lars : public GroupedOptimizer {
public:
    Lars(const std::vector<WeightGroup>& groups, Update update, const CatalogEntry& row, const ParameterValues& values)
        : GroupedOptimizer(groups, update, row, values),
          adapted_(adapted(groups)),
          momentum_(valueOf(row, values, "momentum")),
          trust_(valueOf(row, values, "trust")),
          local_(adapted_.size()),
          velocity_(zeros()) {}

    void save(const StateWriter& state) const override { embedscope::save(state, "velocity", velocity_); }
    void load(const StateReader& state) override { embedscope::load(state, "velocity", velocity_); }

protected:
    /// trust |w| / (|g| + decay |w|) for every weight; 1 where a norm is 0 and for those that are not adapted.
    void begin(const std::vector<Move>& moves) override {
        for (const Move& move : moves) {
            local_[move.slot] = {1, 0};
            if (!adapted_[move.slot]) continue;
            const double length = move.weight.norm().item<double>();
            const double slope = move.gradient.norm().item<double>() + move.decay * length;
            local_[move.slot] = {length > 0 && slope > 0 ? trust_ * length / slope : 1, move.decay};
        }
    }

    void moveTensor(const Move& move) override {
        torch::Tensor weight = move.weight;
        const auto [factor, decay] = local_[move.slot];
        weight.sub_(velocity_[move.slot].mul_(momentum_).add_(move.gradient.add(weight, decay), move.rate * factor));
    }

    void moveSlice(const Move& move, std::int64_t first, std::int64_t count) override {
        withScalar(move.weight, [&](auto zero) {
            using Scalar = decltype(zero);
            auto* __restrict weight = elements<Scalar>(move.weight, first);
            const auto* __restrict gradient = elements<Scalar>(move.gradient, first);
            auto* __restrict velocity = elements<Scalar>(velocity_[move.slot], first);
            const auto momentum = static_cast<Scalar>(momentum_), decay = static_cast<Scalar>(local_[move.slot].decay);
            const auto rate = static_cast<Scalar>(move.rate * local_[move.slot].factor);
            for (std::int64_t i = 0; i < count; ++i) {
                velocity[i] = momentum * velocity[i] + rate * (gradient[i] + decay * weight[i]);
                weight[i] -= velocity[i];
            }
        });
    }

private:
    struct Local {
        double factor = 1;
        double decay = 0;
    };

    static std::vector<bool> adapted(const std::vector<WeightGroup>& groups) {
        std::vector<bool> all;
        for (const WeightGroup& group : groups)
            for (const torch::Tensor& weight : group.weights) all.push_back(!group.ofLoss && weight.dim() > 1);
        return all;
    }

    std::vector<bool> adapted_;
    double momentum_;
    double trust_;
    std::vector<Local> local_;
    std::vector<torch::Tensor> velocity_;
};

}  // namespace

OptimizerRow larsRow() {
    CatalogEntry entry;
    entry.id = "lars";
    entry.label = "LARS";
    entry.help =
        "SGD in which every layer takes a step in proportion to its own weights. For batches of a thousand and more, "
        "as SimCLR uses them; needs a learning rate of about 0.3 for every 256 images of a batch, and warm-up.";
    entry.formula = "v <- momentum v + rate trust |w| / (|g| + decay |w|) (g + decay w); w <- w - v";
    entry.source = "You, Gitman, Ginsburg, Large Batch Training of Convolutional Networks, 2017";
    entry.parameters = {momentumParameter(), weightDecayParameter(1e-4),
                        optimizerNumber("trust", "Trust coefficient",
                                        "How far a layer moves at most, as a share of its weights' length at learning "
                                        "rate 1.",
                                        1, 1e-3, 1e-3),
                        lossRateFactorParameter()};
    return {entry, makeGrouped<Lars>};
}

}  // namespace embedscope
