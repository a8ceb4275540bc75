// Contrastive loss with two margins and linear terms, as in pytorch-metric-learning, and its signal-to-noise variant:
// T. Yuan et al.: Signal-to-Noise Ratio: A Robust Distance Metric for Deep Metric Learning. CVPR 2019.
#include "engine/losses/pair_sum.h"
#include "engine/losses/parameter_loss.h"

namespace embedscope {
namespace {

/// Similar and dissimilar pairs are averaged apart, so that the many dissimilar ones do not drown the similar ones.
class ContrastiveLinear : public ParameterLoss {
public:
    using ParameterLoss::ParameterLoss;

    LossValue evaluate(const torch::Tensor& embeddings, const torch::Tensor& labels, const Tuples& tuples) override {
        const torch::Tensor all = measured(embeddings, distance(), slopeOf(tuples));
        const double sign = direction(distance());
        const PairMeanValue found = meanOfPairs(
            all, embeddings, labels, tuples, {.pull = sign * value("positive_margin"), .push = sign * value("margin")},
            option("average") == 0 ? PairMean::EachKindActive : PairMean::EachKind);
        const double share = shareOf(found.active, found.pairs);
        // The library's definition: at most one pair of each kind says nothing about a batch.
        if (found.largestKind <= 1) return {all.sum() * 0, share};
        return {found.mean, share};
    }

    std::optional<MarginMark> marginMark(double) const override {
        const double margin = value("margin");
        switch (distance().measure) {
            case Measure::NormalizedEuclidean:
            case Measure::Euclidean:
                return MarginMark{margin, marginLabel("d", margin)};
            case Measure::NormalizedSquared:
            case Measure::Squared:
                return MarginMark{std::sqrt(margin), marginLabel("d²", margin)};
            case Measure::Cosine:  // on the sphere d² = 2 - 2 cos
                return MarginMark{std::sqrt(std::max(2 - 2 * margin, 0.0)), marginLabel("cosine", margin)};
            default:
                return std::nullopt;
        }
    }
};

LossRow rowOf(Measure measure) {
    LossRow row;
    row.entry.group = "Pair losses";
    row.entry.formula = "L = mean max(0, d(similar) - m⁺) + mean max(0, m - d(dissimilar))";
    row.entry.grouping = Grouping::Pairs | Grouping::Triplets;
    row.entry.parameters = {
        marginParameter(1.0, 4.0,
                        "Distance that dissimilar pairs are pushed to; for a similarity, the value they are pushed "
                        "below. A larger distance leaves wider gaps between classes."),
        liveParameter("positive_margin", "Positive margin", 0, 4, 0.05, 0,
                      "Similar pairs nearer than this are left alone (for a similarity, more similar ones). Above 0, "
                      "classes stay clouds instead of shrinking to points."),
        measureParameter(measure), exponentParameter(), averageParameter(true)};
    row.make = makeOf<ContrastiveLinear>;
    return row;
}

}  // namespace

LossRow contrastiveLinear() {
    LossRow row = rowOf(Measure::NormalizedEuclidean);
    row.entry.id = "contrastive_linear";
    row.entry.label = "Contrastive (linear)";
    row.entry.help =
        "Pulls and pushes with the same force at any distance, so far pairs do not dominate as they do with squares.";
    row.entry.source = "Hadsell, Chopra, LeCun, CVPR 2006; linear as in pytorch-metric-learning";
    return row;
}

LossRow signalNoiseContrastive() {
    LossRow row = rowOf(Measure::NormalizedSignalNoise);
    row.entry.id = "snr_contrastive";
    row.entry.label = "Contrastive (signal to noise)";
    row.entry.help =
        "Measures how much of the anchor's own variation a difference amounts to: points of little variation must lie "
        "nearer to count as similar.";
    row.entry.source = "Yuan et al., CVPR 2019";
    return row;
}

}  // namespace embedscope
