// F. Schroff, D. Kalenichenko, J. Philbin: FaceNet, a Unified Embedding for Face Recognition and Clustering. CVPR 2015.
#include "engine/losses/distances.h"
#include "engine/losses/loss_table.h"
#include "engine/losses/margin_loss.h"
#include "engine/losses/triplet_sum.h"

#include <cmath>
#include <limits>

namespace embedscope {
namespace {

enum class Measure { SquaredDistance, Distance };

/// The mean over the triplets that still violate the margin: a mean over all would fade as training succeeds, and
/// with it the step size. The active fraction tells what the loss then hides.
class Triplet : public MarginLossBase {
public:
    Triplet(double margin, Measure measure) : MarginLossBase(margin), measure_(measure) {}

    LossValue evaluate(const torch::Tensor& embeddings, const torch::Tensor& labels, const Tuples& tuples) override {
        const bool squared = measure_ == Measure::SquaredDistance;
        const torch::Tensor measured = squared ? squaredDistances(embeddings) : distances(embeddings);
        torch::Tensor window;
        if (tuples.kind == Tuples::Kind::Window) {
            const torch::NoGradGuard noGradient;
            window = distances(normalizedRows(embeddings));
        }
        const TripletSum triplets = sumTriplets(measured, window, labels, tuples, margin_);
        const auto share = [](std::int64_t part, std::int64_t whole) {
            return whole == 0 ? std::numeric_limits<double>::quiet_NaN()
                              : static_cast<double>(part) / static_cast<double>(whole);
        };
        const std::int64_t whole = triplets.possible > 0 ? triplets.possible : triplets.selected;
        // DESIGN's triplet loss is a plain mean over the chosen triplets; the plain-distance form averages the active.
        const std::int64_t divisor = squared ? triplets.selected : triplets.active;
        return {triplets.sum / static_cast<double>(std::max<std::int64_t>(divisor, 1)), share(triplets.active, whole)};
    }

    std::optional<MarginMark> marginMark(double similarMeanSquare) const override {
        const double square = std::max(similarMeanSquare, 0.0);
        const double distance =
            measure_ == Measure::SquaredDistance ? std::sqrt(square + margin_) : std::sqrt(square) + margin_;
        return MarginMark{distance, "similar mean + margin"};
    }

private:
    Measure measure_;
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
    entry.grouping = Grouping::Triplets;
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
    row.make = [](const ParameterValues& values, const LossSetting&) {
        return std::make_unique<Triplet>(values.at("margin"), Measure::SquaredDistance);
    };
    return row;
}

LossRow tripletMargin() {
    LossRow row;
    row.entry = entryOfForm("triplet_margin", "Triplet (plain distance)",
                            "L = max(0, ‖x-x⁺‖ - ‖x-x⁻‖ + m), mean over the active triplets");
    row.entry.parameters = {marginParameter(0.2, 2.0, kMarginHelp)};
    row.make = [](const ParameterValues& values, const LossSetting&) {
        return std::make_unique<Triplet>(values.at("margin"), Measure::Distance);
    };
    return row;
}

}  // namespace embedscope
