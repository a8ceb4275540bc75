// Adam: Kingma, Ba: Adam: A Method for Stochastic Optimization, ICLR 2015; the update and its defaults are torch's.

#include "engine/training/optimizer.h"

#include <cmath>
#include <utility>

namespace embedscope {
namespace {

/// The part that all optimisers share: groups, weight decay, the own rate of the loss's weights.
class GroupedOptimizer : public Optimizer {
public:
    GroupedOptimizer(std::vector<WeightGroup> groups, const CatalogEntry& row, const ParameterValues& values)
        : groups_(std::move(groups)),
          weightDecay_(valueOf(row, values, "weight_decay")),
          lossRateFactor_(valueOf(row, values, "loss_rate_factor")) {}

    void step(double learningRate) override {
        const at::NoGradGuard noGradient;
        beginStep();
        std::size_t slot = 0;
        for (const WeightGroup& group : groups_) {
            const double rate = group.ofLoss ? learningRate * lossRateFactor_ : learningRate;
            for (const torch::Tensor& weight : group.weights) {
                if (weight.grad().defined()) move(slot, weight, decayed(group, weight), rate);
                ++slot;
            }
        }
    }

protected:
    virtual void beginStep() {}
    /// @param slot Numbers the weights, for state kept per weight.
    virtual void move(std::size_t slot, const torch::Tensor& weight, const torch::Tensor& gradient, double rate) = 0;

    /// A zero for every weight, in the weight's own memory layout.
    std::vector<torch::Tensor> zeros() const {
        std::vector<torch::Tensor> all;
        for (const WeightGroup& group : groups_)
            for (const torch::Tensor& weight : group.weights) all.push_back(torch::zeros_like(weight.detach()));
        return all;
    }

private:
    torch::Tensor decayed(const WeightGroup& group, const torch::Tensor& weight) const {
        const torch::Tensor gradient = weight.grad();
        return weightDecay_ == 0 || group.ofLoss ? gradient : gradient.add(weight, weightDecay_);
    }

    std::vector<WeightGroup> groups_;
    double weightDecay_;
    double lossRateFactor_;
};

class Adam : public GroupedOptimizer {
public:
    Adam(std::vector<WeightGroup> groups, const CatalogEntry& row, const ParameterValues& values)
        : GroupedOptimizer(std::move(groups), row, values),
          beta1_(valueOf(row, values, "beta1")),
          beta2_(valueOf(row, values, "beta2")),
          mean_(zeros()),
          square_(zeros()) {}

protected:
    void beginStep() override { ++steps_; }

    void move(std::size_t slot, const torch::Tensor& weight, const torch::Tensor& gradient, double rate) override {
        torch::Tensor& mean = mean_[slot].mul_(beta1_).add_(gradient, 1 - beta1_);
        torch::Tensor& square = square_[slot].mul_(beta2_).addcmul_(gradient, gradient, 1 - beta2_);
        const double meanCorrection = 1 - std::pow(beta1_, steps_);
        const double squareCorrection = 1 - std::pow(beta2_, steps_);
        const torch::Tensor scale = square.sqrt().div_(std::sqrt(squareCorrection)).add_(kEpsilon);
        torch::Tensor(weight).addcdiv_(mean, scale, -rate / meanCorrection);
    }

private:
    static constexpr double kEpsilon = 1e-8;
    double beta1_;
    double beta2_;
    double steps_ = 0;
    std::vector<torch::Tensor> mean_;
    std::vector<torch::Tensor> square_;
};

class Sgd : public GroupedOptimizer {
public:
    Sgd(std::vector<WeightGroup> groups, const CatalogEntry& row, const ParameterValues& values)
        : GroupedOptimizer(std::move(groups), row, values),
          momentum_(valueOf(row, values, "momentum")),
          velocity_(zeros()) {}

protected:
    void move(std::size_t slot, const torch::Tensor& weight, const torch::Tensor& gradient, double rate) override {
        torch::Tensor& velocity = velocity_[slot].mul_(momentum_).add_(gradient);
        torch::Tensor(weight).add_(velocity, -rate);
    }

private:
    double momentum_;
    std::vector<torch::Tensor> velocity_;
};

Parameter number(std::string id, std::string label, std::string help, double maximum, double step, double standard) {
    return {.id = std::move(id),
            .label = std::move(label),
            .unit = "",
            .help = std::move(help),
            .minimum = 0,
            .maximum = maximum,
            .step = step,
            .standard = standard,
            .changesLive = false,
            .options = {}};
}

Parameter weightDecay() {
    return number("weight_decay", "Weight decay",
                  "Pulls all weights towards zero. A little calms the movement of long runs; much holds the points "
                  "together.",
                  1, 1e-4, 0);
}

Parameter lossRateFactor() {
    return number("loss_rate_factor", "Rate factor of the loss's weights",
                  "Proxies and class centres learn this many times as fast as the encoder. Without effect for losses "
                  "that have no weights.",
                  1000, 1, 10);
}

struct OptimizerRow {
    CatalogEntry entry;
    std::unique_ptr<Optimizer> (*make)(std::vector<WeightGroup>, const CatalogEntry&, const ParameterValues&);
};

template <typename T>
std::unique_ptr<Optimizer> make(std::vector<WeightGroup> groups, const CatalogEntry& row,
                                const ParameterValues& values) {
    return std::make_unique<T>(std::move(groups), row, values);
}

OptimizerRow adamRow() {
    CatalogEntry entry;
    entry.id = "adam";
    entry.label = "Adam";
    entry.help = "Scales the step of every weight by its own gradients. Moves quickly from the first step.";
    entry.source = "Kingma, Ba, Adam: A Method for Stochastic Optimization, ICLR 2015";
    entry.parameters = {
        weightDecay(),
        number("beta1", "Beta 1", "Memory of the direction: nearer to 1 moves more smoothly.", 0.9999, 0.01, 0.9),
        number("beta2", "Beta 2", "Memory of the size of gradients: nearer to 1 is steadier.", 0.999999, 0.001, 0.999),
        lossRateFactor()};
    return {entry, make<Adam>};
}

OptimizerRow sgdRow() {
    CatalogEntry entry;
    entry.id = "sgd";
    entry.label = "SGD with momentum";
    entry.help =
        "The plain gradient with momentum. Needs a learning rate about a hundred times that of Adam and moves "
        "more evenly.";
    entry.source = "Sutskever et al., On the Importance of Initialization and Momentum in Deep Learning, ICML 2013";
    entry.parameters = {number("momentum", "Momentum",
                               "Memory of the direction: nearer to 1 moves faster and overshoots.", 0.9999, 0.05, 0.9),
                        weightDecay(), lossRateFactor()};
    return {entry, make<Sgd>};
}

const std::vector<OptimizerRow>& rows() {
    static const std::vector<OptimizerRow> kRows = {adamRow(), sgdRow()};
    return kRows;
}

}  // namespace

const Catalog& optimizerCatalog() {
    static const Catalog kCatalog = [] {
        Catalog entries;
        for (const OptimizerRow& row : rows()) entries.push_back(row.entry);
        return entries;
    }();
    return kCatalog;
}

std::unique_ptr<Optimizer> makeOptimizer(const Choice& choice, std::vector<WeightGroup> groups) {
    const CatalogEntry& entry = entryOf(optimizerCatalog(), choice.id, "optimizer");
    for (const auto& [id, value] : choice.parameters) parameterOf(entry, id);
    const auto index = static_cast<std::size_t>(&entry - optimizerCatalog().data());
    return rows()[index].make(std::move(groups), entry, choice.parameters);
}

torch::Tensor gradientNorm(const std::vector<WeightGroup>& groups) {
    std::vector<torch::Tensor> norms;
    for (const WeightGroup& group : groups)
        for (const torch::Tensor& weight : group.weights)
            if (weight.grad().defined()) norms.push_back(weight.grad().norm());
    return norms.empty() ? torch::zeros({}) : torch::stack(norms).norm();
}

void clearGradients(const std::vector<WeightGroup>& groups) {
    for (const WeightGroup& group : groups)
        for (const torch::Tensor& weight : group.weights) weight.mutable_grad().reset();
}

}  // namespace embedscope
