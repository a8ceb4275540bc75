// C.-Y. Wu et al.: Sampling Matters in Deep Embedding Learning. ICCV 2017 (1706.07567).
#include "engine/losses/pair_weights.h"
#include "engine/losses/parameter_loss.h"

namespace embedscope {
namespace {

/// A border β between near and far that is learned along with the encoder.
class MarginLoss : public ParameterLoss {
public:
    explicit MarginLoss(const LossOrder& order)
        : ParameterLoss(order),
          beta_(torch::full({}, value("beta"), torch::TensorOptions(order.setting.device)).requires_grad_(true)) {}

    std::vector<torch::Tensor> weights() override { return {beta_}; }

    LossValue evaluate(const torch::Tensor& embeddings, const torch::Tensor& labels, const Tuples& tuples) override {
        const torch::Tensor all = measured(embeddings, distance());
        // A term of (a,p) or (a,n) is the same in every triplet that holds the pair: counting replaces listing.
        const PairWeights weights = tripletPairWeights(embeddings, labels, tuples);
        const torch::Tensor beyondBorder = all - beta_.to(all.scalar_type());
        const torch::Tensor pull = (beyondBorder + value("margin")).relu();
        const torch::Tensor push = (value("margin") - beyondBorder).relu();
        const torch::Tensor sum = (weights.similar * pull + weights.dissimilar * push).sum();
        const double active =
            (weights.similar * (pull.detach() > 0) + weights.dissimilar * (push.detach() > 0)).sum().item<double>();
        const double triplets = weights.similar.sum().item<double>();
        return {sum / std::max(option("average") == 0 ? active : triplets, 1.0), shareOf(active, 2 * triplets)};
    }

    std::optional<MarginMark> marginMark(double) const override {
        const Measure measure = distance().measure;
        if (measure != Measure::NormalizedEuclidean && measure != Measure::Euclidean) return std::nullopt;
        return MarginMark{beta_.item<double>(), "learned border β"};
    }

private:
    torch::Tensor beta_;
};

}  // namespace

LossRow marginLoss() {
    return {
        {.id = "margin_loss",
         .label = "Margin loss (learned border)",
         .group = "Triplet losses",
         .help = "Pulls similar pairs within a border and pushes dissimilar ones beyond it; the border is learned. "
                 "Meant for distance-weighted mining. The active fraction counts the two terms of every triplet.",
         .formula = "L = max(0, d(a,p) - β + m) + max(0, β - d(a,n) + m)",
         .source = "Wu et al., ICCV 2017",
         .parameters = {marginParameter(0.2, 2.0,
                                        "Half the width of the empty band round the border. Larger: similar and "
                                        "dissimilar distances part more widely."),
                        [] {
                            Parameter beta = liveParameter("beta", "Border β at the start", 0, 4, 0.05, 1.2,
                                                           "Distance that separates near from far at step 0; the run "
                                                           "then learns it.");
                            beta.changesLive = false;
                            return beta;
                        }(),
                        measureParameter(Measure::NormalizedEuclidean), exponentParameter(), averageParameter(true)},
         .grouping = Grouping::Pairs | Grouping::Triplets},
        makeOf<MarginLoss>};
}

}  // namespace embedscope
