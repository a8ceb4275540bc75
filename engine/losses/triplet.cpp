// F. Schroff, D. Kalenichenko, J. Philbin: FaceNet, a Unified Embedding for Face Recognition and Clustering. CVPR 2015.
#include "engine/losses/distances.h"
#include "engine/losses/parameter_loss.h"
#include "engine/losses/triplet_sum.h"

#include <cmath>

namespace embedscope {
namespace {

LossValue meanOf(const TripletSum& triplets, std::int64_t divisor) {
    return {triplets.sum / static_cast<double>(std::max<std::int64_t>(divisor, 1)),
            shareOf(static_cast<double>(triplets.active), static_cast<double>(triplets.possible))};
}

/// DESIGN's form: squared distances of the rows as they come, a plain mean over the chosen triplets.
class TripletSquared : public ParameterLoss {
public:
    using ParameterLoss::ParameterLoss;

    LossValue evaluate(const torch::Tensor& embeddings, const torch::Tensor& labels, const Tuples& tuples) override {
        const TripletSum triplets =
            sumTriplets(embeddings, labels, tuples, {.margin = value("margin"), .distance = Measure::Squared});
        return meanOf(triplets, triplets.selected);
    }

    std::optional<MarginMark> marginMark(double similarMeanSquare) const override {
        return MarginMark{std::sqrt(std::max(similarMeanSquare, 0.0) + value("margin")), "similar mean + margin"};
    }
};

/// Any distance; swap is V. Balntas et al.: Learning local feature descriptors with triplets. BMVC 2016.
class TripletMargin : public ParameterLoss {
public:
    using ParameterLoss::ParameterLoss;

    LossValue evaluate(const torch::Tensor& embeddings, const torch::Tensor& labels, const Tuples& tuples) override {
        TripletTerm term;
        term.shape = option("form") == 1 ? TripletTerm::Shape::Soft : TripletTerm::Shape::Hinge;
        term.margin = value("margin");
        term.swap = option("swap") == 1;
        term.distance = distance();
        const TripletSum triplets = sumTriplets(embeddings, labels, tuples, term);
        return meanOf(triplets, option("average") == 0 ? triplets.counted : triplets.selected);
    }

    std::optional<MarginMark> marginMark(double similarMeanSquare) const override {
        const double square = std::max(similarMeanSquare, 0.0), margin = value("margin");
        switch (distance().measure) {
            case Measure::NormalizedEuclidean:
            case Measure::Euclidean:
                return MarginMark{std::sqrt(square) + margin, "similar mean + margin"};
            case Measure::NormalizedSquared:
            case Measure::Squared:
                return MarginMark{std::sqrt(square + margin), "similar mean + margin"};
            case Measure::Cosine:  // on the sphere d² = 2 - 2 cos
                return MarginMark{std::sqrt(square + 2 * margin), "similar mean + margin"};
            default:
                return std::nullopt;
        }
    }
};

CatalogEntry entryOfForm(std::string id, std::string label, std::string formula) {
    CatalogEntry entry;
    entry.id = std::move(id);
    entry.label = std::move(label);
    entry.group = "Triplet losses";
    entry.help =
        "Compares distances: each anchor's positive is to be nearer than its negative by the margin. Classes "
        "part without collapsing into points.";
    entry.formula = std::move(formula);
    entry.source = "Schroff, Kalenichenko, Philbin (FaceNet), CVPR 2015";
    entry.grouping = Grouping::Pairs | Grouping::Triplets;
    return entry;
}

const char* const kMarginHelp =
    "How much farther than the positive a negative is pushed. Larger: classes lie farther apart and more triplets "
    "stay active; too large: everything stays active and the picture churns.";

}  // namespace

LossRow tripletSquared() {
    LossRow row;
    row.entry = entryOfForm("triplet_squared", "Triplet (squared distance)",
                            "L = max(0, ‖x-x⁺‖² - ‖x-x⁻‖² + m), mean over the chosen triplets");
    row.entry.parameters = {marginParameter(0.2, 4.0, kMarginHelp)};
    row.make = makeOf<TripletSquared>;
    return row;
}

LossRow tripletMargin() {
    LossRow row;
    row.entry = entryOfForm("triplet_margin", "Triplet (plain distance)", "L = max(0, d(a,p) - d(a,n) + m)");
    row.entry.source += "; swap: Balntas et al., BMVC 2016";
    Parameter form = liveParameter("form", "Form", 0, 1, 1, 0,
                                   "The soft margin, log(1 + exp(…)), never stops pulling and pushing: classes keep "
                                   "tightening after the margin is met.");
    form.options = {"hinge", "soft margin"};
    Parameter swap = liveParameter("swap", "Swap", 0, 1, 1, 0,
                                   "Measures the negative from the anchor or the positive, whichever is nearer: harder "
                                   "triplets from the same batch.");
    swap.options = {"off", "on"};
    row.entry.parameters = {marginParameter(0.05, 2.0, kMarginHelp),
                            measureParameter(Measure::NormalizedEuclidean),
                            exponentParameter(),
                            form,
                            swap,
                            averageParameter(true)};
    row.make = makeOf<TripletMargin>;
    return row;
}

}  // namespace embedscope
