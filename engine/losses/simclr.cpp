// T. Chen et al.: A Simple Framework for Contrastive Learning of Visual Representations. ICML 2020 (2002.05709).
#include "engine/losses/log_sums.h"
#include "engine/losses/parameter_loss.h"
#include "engine/losses/two_view_table.h"

#include <ATen/Functions.h>

#include <limits>

namespace embedscope {
namespace {

class SimClr : public ParameterLoss {
public:
    using ParameterLoss::ParameterLoss;

    LossValue evaluate(const torch::Tensor& embeddings, const torch::Tensor&, const Tuples&) override {
        const std::int64_t half = viewsOf(embeddings).first.size(0);
        const torch::Tensor logits = measured(embeddings, Measure::Cosine) / -value("temperature");
        const torch::Tensor others =
            torch::eye(2 * half, logits.options().requires_grad(false).dtype(torch::kBool)).logical_not();
        const torch::Tensor twin = torch::cat({logits.diagonal(half), logits.diagonal(-half)});
        return {(logSumExp(logits, others) - twin).mean(), std::numeric_limits<double>::quiet_NaN()};
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

}  // namespace embedscope
