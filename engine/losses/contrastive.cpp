// R. Hadsell, S. Chopra, Y. LeCun: Dimensionality Reduction by Learning an Invariant Mapping. CVPR 2006.
#include "engine/losses/distances.h"
#include "engine/losses/loss_table.h"
#include "engine/losses/margin_loss.h"
#include "engine/losses/pair_weights.h"

#include <cmath>
#include <limits>
#include <sstream>

namespace embedscope {
namespace {

enum class Form { Squared, Hadsell };

/// Mean over the chosen pairs of a pull on similar ones and a hinge on dissimilar ones.
class Contrastive : public MarginLossBase {
public:
    Contrastive(double margin, Form form) : MarginLossBase(margin), form_(form) {}

    LossValue evaluate(const torch::Tensor& embeddings, const torch::Tensor& labels, const Tuples& tuples) override {
        const PairWeights weights = pairWeights(embeddings, labels, tuples);
        const double pairs = (weights.similar.sum() + weights.dissimilar.sum()).item<double>();
        if (pairs == 0) return {embeddings.sum() * 0, std::numeric_limits<double>::quiet_NaN()};

        const torch::Tensor squares = squaredDistances(embeddings);
        const torch::Tensor push =
            form_ == Form::Squared ? (margin_ - squares).relu() : (margin_ - distances(embeddings)).relu().square();
        const torch::Tensor sum = (weights.similar * squares + weights.dissimilar * push).sum();
        const torch::Tensor active =
            weights.similar * (squares.detach() > 0) + weights.dissimilar * (push.detach() > 0);
        return {sum / pairs, active.sum().item<double>() / pairs};
    }

    std::optional<MarginMark> marginMark(double) const override {
        std::ostringstream label;
        label << "margin: " << (form_ == Form::Squared ? "d² = " : "d = ") << margin_;
        return MarginMark{form_ == Form::Squared ? std::sqrt(margin_) : margin_, label.str()};
    }

private:
    Form form_;
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
    row.make = [](const ParameterValues& values, const LossSetting&) {
        return std::make_unique<Contrastive>(values.at("margin"), Form::Squared);
    };
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
    row.make = [](const ParameterValues& values, const LossSetting&) {
        return std::make_unique<Contrastive>(values.at("margin"), Form::Hadsell);
    };
    return row;
}

}  // namespace embedscope
