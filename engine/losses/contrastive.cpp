// R. Hadsell, S. Chopra, Y. LeCun: Dimensionality Reduction by Learning an Invariant Mapping. CVPR 2006.
#include "engine/losses/pair_sum.h"
#include "engine/losses/parameter_loss.h"

#include <cmath>

namespace embedscope {
namespace {

LossValue lossOf(const PairMeanValue& value) {
    return {value.mean, shareOf(value.active, value.pairs)};
}

class ContrastiveSquared : public ParameterLoss {
public:
    using ParameterLoss::ParameterLoss;

    LossValue evaluate(const torch::Tensor& embeddings, const torch::Tensor& labels, const Tuples& tuples) override {
        return lossOf(meanOfPairs(squaredDistances(embeddings, slopeOf(tuples)), embeddings, labels, tuples,
                                  {.push = value("margin")}, PairMean::AllPairs));
    }

    std::optional<MarginMark> marginMark(double) const override {
        return MarginMark{std::sqrt(value("margin")), marginLabel("d²", value("margin"))};
    }
};

class ContrastiveHadsell : public ParameterLoss {
public:
    using ParameterLoss::ParameterLoss;

    LossValue evaluate(const torch::Tensor& embeddings, const torch::Tensor& labels, const Tuples& tuples) override {
        return lossOf(meanOfPairs(distances(embeddings, slopeOf(tuples)), embeddings, labels, tuples,
                                  {.push = value("margin"), .power = 2}, PairMean::AllPairs));
    }

    std::optional<MarginMark> marginMark(double) const override {
        return MarginMark{value("margin"), marginLabel("d", value("margin"))};
    }
};

CatalogEntry entryOfForm(std::string id, std::string label, std::string formula, std::string help) {
    CatalogEntry entry;
    entry.id = std::move(id);
    entry.label = std::move(label);
    entry.group = "Pair losses";
    entry.help = std::move(help);
    entry.formula = std::move(formula);
    entry.source = "Hadsell, Chopra, LeCun, CVPR 2006";
    entry.grouping = Grouping::Pairs | Grouping::Triplets;
    return entry;
}

}  // namespace

LossRow contrastiveSquared() {
    LossRow row;
    row.entry = entryOfForm("contrastive_squared", "Contrastive (squared distance)",
                            "L = (1-Y)·‖xi-xj‖² + Y·max(0, m-‖xi-xj‖²)",
                            "Pulls every similar pair to one point and pushes dissimilar pairs until their squared "
                            "distance reaches the margin; farther pairs are left alone.");
    row.entry.parameters = {marginParameter(1.0, 4.0,
                                            "Squared distance that dissimilar pairs are pushed to. Larger: classes lie "
                                            "farther apart and more pairs stay active.")};
    row.make = makeOf<ContrastiveSquared>;
    return row;
}

LossRow contrastiveHadsell() {
    LossRow row;
    row.entry =
        entryOfForm("contrastive_hadsell", "Contrastive (Hadsell)", "L = (1-Y)·d² + Y·max(0, m-d)², d = ‖xi-xj‖",
                    "As published: the push on dissimilar pairs fades smoothly as they near the margin, so "
                    "clusters keep rounder edges than with the squared form.");
    row.entry.parameters = {marginParameter(1.0, 2.0,
                                            "Distance that dissimilar pairs are pushed to. Larger: classes lie farther "
                                            "apart and more pairs stay active.")};
    row.make = makeOf<ContrastiveHadsell>;
    return row;
}

}  // namespace embedscope
