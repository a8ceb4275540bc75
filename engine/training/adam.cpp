// Kingma, Ba: Adam: A Method for Stochastic Optimization, ICLR 2015. AdamW: Loshchilov, Hutter: Decoupled Weight Decay
// Regularization, ICLR 2019. The updates and their defaults are torch's.

#include "engine/encoders/tensor_state.h"
#include "engine/training/optimizer_table.h"

#include <cmath>
#include <utility>

namespace embedscope {
namespace {

enum class Decay { InGradient, Decoupled };

constexpr double kEpsilon = 1e-8;

template <Decay decay>
class Adam : public GroupedOptimizer {
public:
    Adam(std::vector<WeightGroup> groups, Update update, const CatalogEntry& row, const ParameterValues& values)
        : GroupedOptimizer(std::move(groups), update, row, values),
          beta1_(valueOf(row, values, "beta1")),
          beta2_(valueOf(row, values, "beta2")),
          mean_(zeros()),
          square_(zeros()) {}

    void save(const StateWriter& state) const override {
        state.number("steps", steps_);
        embedscope::save(state, "mean", mean_);
        embedscope::save(state, "square", square_);
    }

    void load(const StateReader& state) override {
        steps_ = state.number<double>("steps");
        embedscope::load(state, "mean", mean_);
        embedscope::load(state, "square", square_);
    }

protected:
    void begin(const std::vector<Move>&) override {
        ++steps_;
        meanCorrection_ = 1 - std::pow(beta1_, steps_);
        rootCorrection_ = std::sqrt(1 - std::pow(beta2_, steps_));
    }

    void moveTensor(const Move& move) override {
        torch::Tensor weight = move.weight, gradient = move.gradient;
        if (decay == Decay::Decoupled)
            weight.mul_(1 - move.rate * move.decay);
        else if (move.decay != 0)
            gradient = gradient.add(weight, move.decay);
        torch::Tensor& mean = mean_[move.slot].mul_(beta1_).add_(gradient, 1 - beta1_);
        torch::Tensor& square = square_[move.slot].mul_(beta2_).addcmul_(gradient, gradient, 1 - beta2_);
        weight.addcdiv_(mean, square.sqrt().div_(rootCorrection_).add_(kEpsilon), -move.rate / meanCorrection_);
    }

    void moveSlice(const Move& move, std::int64_t first, std::int64_t count) override {
        withScalar(move.weight, [&](auto zero) {
            using Scalar = decltype(zero);
            moveElements(elements<Scalar>(move.weight, first), elements<Scalar>(move.gradient, first),
                         elements<Scalar>(mean_[move.slot], first), elements<Scalar>(square_[move.slot], first), count,
                         move);
        });
    }

private:
    template <typename Scalar>
    void moveElements(Scalar* __restrict weight, const Scalar* __restrict gradient, Scalar* __restrict mean,
                      Scalar* __restrict square, std::int64_t count, const Move& move) const {
        const auto kept = static_cast<Scalar>(decay == Decay::Decoupled ? 1 - move.rate * move.decay : 1);
        const auto added = static_cast<Scalar>(decay == Decay::InGradient ? move.decay : 0);
        const auto beta1 = static_cast<Scalar>(beta1_), beta2 = static_cast<Scalar>(beta2_);
        const auto fresh1 = static_cast<Scalar>(1 - beta1_), fresh2 = static_cast<Scalar>(1 - beta2_);
        const auto rate = static_cast<Scalar>(move.rate / meanCorrection_);
        const auto root = static_cast<Scalar>(1 / rootCorrection_), epsilon = static_cast<Scalar>(kEpsilon);
        for (std::int64_t i = 0; i < count; ++i) {
            const Scalar slope = gradient[i] + added * weight[i];
            mean[i] = beta1 * mean[i] + fresh1 * slope;
            square[i] = beta2 * square[i] + fresh2 * slope * slope;
            weight[i] = kept * weight[i] - rate * mean[i] / (std::sqrt(square[i]) * root + epsilon);
        }
    }

    double beta1_;
    double beta2_;
    double steps_ = 0;
    double meanCorrection_ = 1;
    double rootCorrection_ = 1;
    std::vector<torch::Tensor> mean_;
    std::vector<torch::Tensor> square_;
};

std::vector<Parameter> parameters(double decay) {
    return {weightDecayParameter(decay),
            optimizerNumber("beta1", "Beta 1", "Memory of the direction: nearer to 1 moves more smoothly.", 0.9999,
                            0.01, 0.9),
            optimizerNumber("beta2", "Beta 2", "Memory of the size of gradients: nearer to 1 is steadier.", 0.999999,
                            0.001, 0.999),
            lossRateFactorParameter()};
}

}  // namespace

OptimizerRow adamRow() {
    CatalogEntry entry;
    entry.id = "adam";
    entry.label = "Adam";
    entry.help = "Scales the step of every weight by its own gradients. Moves quickly from the first step.";
    entry.formula = "g <- gradient + decay w; w <- w - rate mean(g) / sqrt(mean(g^2))";
    entry.source = "Kingma, Ba, Adam: A Method for Stochastic Optimization, ICLR 2015";
    entry.parameters = parameters(0);
    return {entry, makeGrouped<Adam<Decay::InGradient>>};
}

OptimizerRow adamWRow() {
    CatalogEntry entry;
    entry.id = "adamw";
    entry.label = "AdamW";
    entry.help =
        "Adam whose weight decay shrinks every weight alike, not those less that have large gradients. The usual "
        "choice for transformers and for long runs.";
    entry.formula = "w <- (1 - rate decay) w - rate mean(g) / sqrt(mean(g^2))";
    entry.source = "Loshchilov, Hutter, Decoupled Weight Decay Regularization, ICLR 2019";
    entry.parameters = parameters(0.01);
    return {entry, makeGrouped<Adam<Decay::Decoupled>>};
}

}  // namespace embedscope
