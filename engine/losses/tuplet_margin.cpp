// B. Yu, D. Tao: Deep Metric Learning with Tuplet Margin Loss. ICCV 2019. The same paper has the intra-pair variance
// loss, which is a term to add to others and a loss of its own here.
#include "engine/losses/distances.h"
#include "engine/losses/log_sums.h"
#include "engine/losses/parameter_loss.h"

#include <cmath>
#include <limits>
#include <numbers>

namespace embedscope {
namespace {

class TupletMargin : public ParameterLoss {
public:
    using ParameterLoss::ParameterLoss;

    LossValue evaluate(const torch::Tensor& embeddings, const torch::Tensor& labels, const Tuples& tuples) override {
        const PairMasks pairs = pairMasks(embeddings, labels, tuples);
        const double scale = value("scale"), angle = value("angle") * std::numbers::pi / 180;
        const torch::Tensor cosine = measured(embeddings, Measure::Cosine).neg();
        // cos(θ - m) without acos, whose slope is infinite at θ = 0 and which rounding carries beyond its domain.
        const torch::Tensor sine = safeRoot((1 - cosine.square()).relu());
        const torch::Tensor eased = cosine * std::cos(angle) + sine * std::sin(angle);
        const torch::Tensor negatives = logSumExp(scale * cosine, pairs.dissimilar).unsqueeze(1);
        return {average(softPlus(negatives - scale * eased), pairs.similar, false),
                std::numeric_limits<double>::quiet_NaN()};
    }
};

class IntraPairVariance : public ParameterLoss {
public:
    using ParameterLoss::ParameterLoss;

    LossValue evaluate(const torch::Tensor& embeddings, const torch::Tensor& labels, const Tuples& tuples) override {
        const PairWeights weights = pairWeights(embeddings, labels, tuples);
        const torch::Tensor cosine = measured(embeddings, Measure::Cosine).neg();
        const torch::Tensor similarMean = weightedMean(cosine, weights.similar);
        const torch::Tensor dissimilarMean = weightedMean(cosine, weights.dissimilar);
        const torch::Tensor low = ((1 - value("positive_slack")) * similarMean - cosine).relu();
        const torch::Tensor high = (cosine - (1 + value("negative_slack")) * dissimilarMean).relu();
        const torch::Tensor active = weights.similar * (low.detach() > 0) + weights.dissimilar * (high.detach() > 0);
        const double pairs = (weights.similar.sum() + weights.dissimilar.sum()).item<double>();
        return {weightedMean(low.square(), weights.similar) + weightedMean(high.square(), weights.dissimilar),
                shareOf(active.sum().item<double>(), pairs)};
    }
};

Parameter slack(std::string id, std::string label, std::string help) {
    return liveParameter(std::move(id), std::move(label), 0, 1, 0.01, 0.01, std::move(help));
}

}  // namespace

LossRow tupletMargin() {
    return {{.id = "tuplet_margin",
             .label = "Tuplet margin",
             .group = "Softmax over the batch",
             .help = "Each similar pair against all negatives of its anchor, with a margin in degrees between them.",
             .formula = "L(a,p) = log(1 + Σ_n exp(γ(s(a,n) - cos(θ(a,p) - m))))",
             .source = "Yu, Tao, ICCV 2019",
             .parameters = {liveParameter("angle", "Angle", 0, 89, 1, 5.73,
                                          "Degrees of slack for similar pairs: larger keeps classes wider, so that the "
                                          "easy pairs do not overfit."),
                            liveParameter("scale", "Scale γ", 1, 256, 4, 64,
                                          "Higher: the nearest negatives alone decide.")},
             .grouping = Grouping::Pairs | Grouping::Triplets},
            makeOf<TupletMargin>};
}

LossRow intraPairVariance() {
    return {
        {.id = "intra_pair_variance",
         .label = "Intra-pair variance",
         .group = "Pair losses",
         .help = "Makes all similar pairs alike, and all dissimilar pairs: pairs that are worse than the mean of their "
                 "kind move. Narrows both distance histograms without moving them apart.",
         .formula = "L = mean max(0, (1-ε⁺)·mean s⁺ - s⁺)² + mean max(0, s⁻ - (1+ε⁻)·mean s⁻)²",
         .source = "Yu, Tao, ICCV 2019",
         .parameters = {slack("positive_slack", "Positive slack", "How far below the mean a similar pair may stay."),
                        slack("negative_slack", "Negative slack",
                              "How far above the mean a dissimilar pair may stay.")},
         .grouping = Grouping::Pairs | Grouping::Triplets},
        makeOf<IntraPairVariance>};
}

}  // namespace embedscope
