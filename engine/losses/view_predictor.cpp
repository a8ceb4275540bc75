// BYOL: J.-B. Grill et al.: Bootstrap Your Own Latent. NeurIPS 2020 (2006.07733).
// SimSiam: X. Chen, K. He: Exploring Simple Siamese Representation Learning. CVPR 2021 (2011.10566).
#include "engine/losses/view_predictor.h"

#include "engine/losses/distances.h"

#include <cmath>
#include <limits>
#include <numbers>

namespace embedscope {
namespace {

MlpShape predictorShape(const LossOrder& order) {
    return {.in = order.setting.dimension,
            .hidden = static_cast<int>(order.values.at("hidden")),
            .out = order.setting.dimension};
}

torch::Tensor cosines(const torch::Tensor& predicted, const torch::Tensor& target) {
    return (normalizedRows(predicted) * normalizedRows(target)).sum(1);
}

class SimSiam : public PredictorLoss {
public:
    using PredictorLoss::PredictorLoss;

protected:
    bool holdsTargets() const override { return option("target") == 0; }
    torch::Tensor ofCosine(const torch::Tensor& cosine) const override { return -cosine; }
};

Parameter hidden(double standard, std::string help) {
    Parameter parameter =
        liveParameter("hidden", "Hidden numbers of the predictor", 2, 4096, 32, standard, std::move(help));
    parameter.changesLive = false;
    return parameter;
}

Parameter target() {
    Parameter parameter = liveParameter("target", "Target", 0, 1, 1, 0,
                                        "Trained along: both views chase each other and all points fall into one "
                                        "place within a few dozen steps; the paper's experiment, to be seen live.");
    parameter.options = {"held still", "trained along"};
    return parameter;
}

}  // namespace

PredictorLoss::PredictorLoss(const LossOrder& order)
    : ParameterLoss(order), predictor_(predictorShape(order), order.setting.seed, order.setting.device) {}

LossValue PredictorLoss::compared(const torch::Tensor& rows, const torch::Tensor& targets) const {
    // Both views in one pass, as through the encoder: BatchNorm sees all of them.
    const auto [first, second] = viewsOf(predictor_.apply(rows));
    const auto [firstTarget, secondTarget] = viewsOf(holdsTargets() ? targets.detach() : targets);
    const torch::Tensor cosine = (cosines(first, secondTarget) + cosines(second, firstTarget)).mean() / 2;
    return {ofCosine(cosine), std::numeric_limits<double>::quiet_NaN()};
}

double Byol::momentum(double progress) const {
    return 1 - (1 - value("momentum")) * (std::cos(std::numbers::pi * progress) + 1) / 2;
}

LossRow byol() {
    return {
        {.id = "byol",
         .label = "BYOL",
         .group = "Two views",
         .help = "Each view predicts how a slowly following copy of the network sees the other view; no negatives "
                 "needed. Images are never pushed apart, so similar ones stay near each other.",
         .formula = "L = Σ_views ‖q(z)/|q(z)| - ξ'/|ξ'|‖², ξ' from weights ξ ← τξ + (1-τ)θ, "
                    "τ = 1 - (1-τ₀)(cos(π·progress)+1)/2",
         .source = "Grill et al., NeurIPS 2020",
         .parameters = {liveParameter("momentum", "Momentum τ₀", 0, 1, 0.01, 0.99,
                                      "Higher: the copy follows more slowly and the points move more calmly. It "
                                      "grows to 1 over the run. Short runs want less, 0.9 for a few hundred steps."),
                        hidden(256, "Wider predictors guess the other view better.")},
         .grouping = Grouping::Batch},
        makeOf<Byol>};
}

LossRow simSiam() {
    return {{.id = "simsiam",
             .label = "SimSiam",
             .group = "Two views",
             .help = "Each view predicts the other one, which is held still meanwhile; no negatives and no second "
                     "network. Watch the distances: if all become 0 the points have collapsed; give the head "
                     "BatchNorm on its output.",
             .formula = "L = -½ cos(q(z), sg(z')) - ½ cos(q(z'), sg(z)), sg: no gradient",
             .source = "Chen, He, CVPR 2021",
             .parameters = {hidden(64,
                                   "The paper's predictor is a bottleneck a quarter as wide as the head's output; "
                                   "wider ones collapse sooner."),
                            target()},
             .grouping = Grouping::Batch},
            makeOf<SimSiam>};
}

}  // namespace embedscope
