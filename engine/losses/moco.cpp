// K. He et al.: Momentum Contrast for Unsupervised Visual Representation Learning. CVPR 2020 (1911.05722). Both views
// ask, as in X. Chen, S. Xie, K. He: An Empirical Study of Training Self-Supervised Vision Transformers. ICCV 2021
// (2104.02057), since both pass through the encoder anyway.
#include "engine/losses/followed_loss.h"
#include "engine/losses/matrix_product.h"
#include "engine/losses/parameter_loss.h"
#include "engine/losses/two_view_table.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Functions.h>

#include <algorithm>
#include <limits>

namespace embedscope {
namespace {

class Moco : public ParameterLoss, public FollowedLoss {
public:
    explicit Moco(const LossOrder& order) : ParameterLoss(order) {
        at::Generator generator = at::make_generator<at::CPUGeneratorImpl>(order.setting.seed);
        const auto size = static_cast<std::int64_t>(value("size"));
        // Directions by chance until the first batches have filled it, as in the paper's code.
        queue_ = normalizedRows(torch::randn({size, order.setting.dimension}, generator)).to(order.setting.device);
    }

    /// The rows are their own targets.
    LossValue evaluate(const torch::Tensor& rows, const torch::Tensor&, const Tuples&) override {
        return evaluateAgainst(rows, rows);
    }

    LossValue evaluateAgainst(const torch::Tensor& rows, const torch::Tensor& targets) override {
        const torch::Tensor asking = normalizedRows(rows), keys = normalizedRows(targets.detach());
        const auto [first, second] = viewsOf(keys);
        const torch::Tensor own = (asking * torch::cat({second, first})).sum(1, true);
        const torch::Tensor others = rowProducts(asking, queue_.to(rows.scalar_type()));
        const torch::Tensor logits = torch::cat({own, others}, 1) / value("temperature");
        remember(keys);
        return {(logits.logsumexp(1) - logits.select(1, 0)).mean(), std::numeric_limits<double>::quiet_NaN()};
    }

    double momentum(double) const override { return value("momentum"); }
    std::vector<torch::Tensor> memory() const override { return {queue_}; }

private:
    /// Newest first; the oldest fall out.
    void remember(const torch::Tensor& keys) {
        const std::int64_t size = queue_.size(0), newest = std::min(size, keys.size(0));
        queue_ = torch::cat({keys.slice(0, 0, newest).to(queue_.scalar_type()), queue_.slice(0, 0, size - newest)});
    }

    torch::Tensor queue_;  ///< [size, D] Unit vectors.
};

Parameter queueSize() {
    Parameter parameter = liveParameter("size", "Keys kept", 16, 65'536, 128, 4096,
                                        "Views of so many past images push. More: the points spread more evenly, and "
                                        "small batches learn as well as large ones.");
    parameter.changesLive = false;
    return parameter;
}

}  // namespace

LossRow moco() {
    return {{.id = "moco",
             .label = "MoCo (queue of a momentum encoder)",
             .group = "Two views",
             .help = "SimCLR for small batches: each view attracts the other one, as a slowly following copy of the "
                     "network sees it, against a queue of what the copy saw in the last steps.",
             .formula = "L = -q·k'/T + log( exp(q·k'/T) + Σ_queue exp(q·k/T) ), k from weights ξ ← mξ + (1-m)θ; mean "
                        "over both views",
             .source = "He et al., CVPR 2020",
             .parameters = {liveParameter("temperature", "Temperature", 0.005, 2, 0.01, 0.1,
                                          "Lower: only the most similar past images push. Higher: all push alike."),
                            liveParameter("momentum", "Momentum m", 0, 0.9999, 0.001, 0.99,
                                          "Higher: the copy follows more slowly, so that the queue agrees with itself. "
                                          "Long runs take 0.999, a few hundred steps 0.9."),
                            queueSize()},
             .grouping = Grouping::Batch},
            makeOf<Moco>};
}

}  // namespace embedscope
