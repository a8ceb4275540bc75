// T. Chen et al.: A Simple Framework for Contrastive Learning of Visual Representations. ICML 2020 (2002.05709).
// Decoupled: C.-H. Yeh et al.: Decoupled Contrastive Learning. ECCV 2022 (2110.06848).
#include "engine/losses/log_sums.h"
#include "engine/losses/parameter_loss.h"
#include "engine/losses/two_view_table.h"

#include <ATen/Functions.h>

#include <limits>

namespace embedscope {
namespace {

constexpr double kNoShare = std::numeric_limits<double>::quiet_NaN();

torch::Tensor logitsOf(const torch::Tensor& rows, double temperature) {
    return measured(rows, Measure::Cosine) / -temperature;
}

/// Of every view, its logit with the other view of its image.
torch::Tensor twins(const torch::Tensor& logits) {
    const std::int64_t half = logits.size(0) / 2;
    return torch::cat({logits.diagonal(half), logits.diagonal(-half)});
}

/// [2N, 2N] Whether two rows are the same view.
torch::Tensor same(const torch::Tensor& logits) {
    return torch::eye(logits.size(0), logits.options().requires_grad(false).dtype(torch::kBool));
}

class SimClr : public ParameterLoss {
public:
    using ParameterLoss::ParameterLoss;

    LossValue evaluate(const torch::Tensor& embeddings, const torch::Tensor&, const Tuples&) override {
        viewsOf(embeddings);
        const torch::Tensor logits = logitsOf(embeddings, value("temperature"));
        return {(logSumExp(logits, same(logits).logical_not()) - twins(logits)).mean(), kNoShare};
    }
};

class DecoupledViews : public ParameterLoss {
public:
    using ParameterLoss::ParameterLoss;

    LossValue evaluate(const torch::Tensor& embeddings, const torch::Tensor&, const Tuples&) override {
        const std::int64_t half = viewsOf(embeddings).first.size(0);
        if (half < 2) return {embeddings.sum() * 0, kNoShare};  // one image has no negatives
        const torch::Tensor logits = logitsOf(embeddings, value("temperature"));
        const torch::Tensor sameImage = same(logits.slice(0, 0, half).slice(1, 0, half)).repeat({2, 2});
        return {(logSumExp(logits, sameImage.logical_not()) - twins(logits)).mean(), kNoShare};
    }
};

}  // namespace

LossRow simClr() {
    return {{.id = "simclr",
             .label = "SimCLR (NT-Xent on two views)",
             .group = "Two views",
             .help = "Two views of an image attract each other against everything else in the batch; needs no labels.",
             .formula = "L = -s(i,i')/T + log Σ_k≠i exp(s(i,k)/T), mean over both views",
             .source = "Chen et al., ICML 2020",
             .parameters = {liveParameter("temperature", "Temperature", 0.005, 2, 0.01, 0.5,
                                          "Lower: only the most similar other images push. Higher: all push alike.")},
             .grouping = Grouping::Batch},
            makeOf<SimClr>};
}

LossRow decoupledViews() {
    return {{.id = "dcl_views",
             .label = "Decoupled contrastive (DCL) on two views",
             .group = "Two views",
             .help = "SimCLR whose pull on two views does not fade once they are near. Learns well from small batches.",
             .formula = "L = -s(i,i')/T + log Σ_k exp(s(i,k)/T) over views k of other images, mean over both views",
             .source = "Yeh et al., ECCV 2022",
             .parameters = {liveParameter("temperature", "Temperature", 0.005, 2, 0.01, 0.1,
                                          "Lower: only the most similar other images push. Higher: all push alike.")},
             .grouping = Grouping::Batch},
            makeOf<DecoupledViews>};
}

}  // namespace embedscope
