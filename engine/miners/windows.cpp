// Miners that describe their triplets by a window of d(a,n) - d(a,p) instead of listing them.
// Semi-hard: F. Schroff, D. Kalenichenko, J. Philbin: FaceNet. CVPR 2015.
#include "engine/miners/miner_table.h"

#include <limits>

namespace embedscope {
namespace {

class Everything : public Miner {
public:
    Tuples mine(const torch::Tensor&, const torch::Tensor&) override { return {}; }
};

class Window : public Miner {
public:
    Window(double above, double upTo, Measure measure) {
        tuples_.kind = Tuples::Kind::Window;
        tuples_.above = above;
        tuples_.upTo = upTo;
        tuples_.distance = measure;
    }
    Tuples mine(const torch::Tensor&, const torch::Tensor&) override { return tuples_; }

private:
    Tuples tuples_;
};

/// J. Wang et al.: Deep Metric Learning with Angular Loss. ICCV 2017.
class Angle : public Miner {
public:
    explicit Angle(double degrees) : degrees_(degrees) {}
    Tuples mine(const torch::Tensor&, const torch::Tensor&) override {
        Tuples tuples;
        tuples.kind = Tuples::Kind::Angle;
        tuples.angle = degrees_;
        return tuples;
    }

private:
    double degrees_;
};

constexpr double kEndless = std::numeric_limits<double>::infinity();

MinerRow windowRow(std::string id, std::string label, std::string help, std::string formula) {
    MinerRow row;
    row.entry.id = std::move(id);
    row.entry.label = std::move(label);
    row.entry.group = "Triplets by margin";
    row.entry.help = std::move(help);
    row.entry.formula = std::move(formula);
    row.entry.grouping = Grouping::Pairs | Grouping::Triplets;
    return row;
}

Parameter miningMargin() {
    return minerParameter("mining_margin", "Mining margin", 0.01, 2, 0.05, 0.2,
                          "Where easy begins: how much farther than the positive a negative must be to count as easy.");
}

}  // namespace

MinerRow everything() {
    MinerRow row;
    row.entry.id = "all";
    row.entry.label = "All pairs and triplets";
    row.entry.group = "Within the batch";
    row.entry.help = "Uses everything the batch holds. Steady, but most triplets soon give no loss at all.";
    row.entry.grouping = Grouping::Pairs | Grouping::Triplets | Grouping::Batch;
    row.make = [](const ParameterValues&, std::uint64_t) { return std::make_unique<Everything>(); };
    return row;
}

MinerRow semiHard() {
    MinerRow row;
    row.entry.id = "semi_hard";
    row.entry.label = "Semi-hard";
    row.entry.group = "Within the batch";
    row.entry.help =
        "Takes triplets whose negative is farther than the positive, but by less than the margin: hard enough to "
        "learn from, not so hard that wrong labels and outliers lead.";
    row.entry.formula = "0 < d(a,n) - d(a,p) ≤ margin, d Euclidean on normalised embeddings";
    row.entry.source = "Schroff, Kalenichenko, Philbin (FaceNet), CVPR 2015";
    row.entry.grouping = Grouping::Pairs | Grouping::Triplets;
    Parameter margin = miningMargin();
    margin.help = "How much farther than the positive a negative may be to be taken. Larger: more and easier triplets.";
    row.entry.parameters = {margin};
    row.make = [](const ParameterValues& values, std::uint64_t) {
        return std::make_unique<Window>(0, values.at("mining_margin"), Measure::NormalizedEuclidean);
    };
    return row;
}

MinerRow hardTriplets() {
    MinerRow row = windowRow("hard", "Hard",
                             "Takes every triplet whose negative is nearer than its positive. Strong where labels are "
                             "clean; noisy labels pull classes into each other.",
                             "d(a,n) - d(a,p) ≤ 0");
    row.entry.parameters = {minerDistance()};
    row.make = [](const ParameterValues& values, std::uint64_t) {
        return std::make_unique<Window>(-kEndless, 0, minerMeasure(values));
    };
    return row;
}

MinerRow easyTriplets() {
    MinerRow row = windowRow("easy", "Easy",
                             "Takes only triplets that already keep the margin. Calms a run that churns; with a hinge "
                             "of the same margin nothing moves.",
                             "d(a,n) - d(a,p) > margin");
    row.entry.parameters = {miningMargin(), minerDistance()};
    row.make = [](const ParameterValues& values, std::uint64_t) {
        return std::make_unique<Window>(values.at("mining_margin"), kEndless, minerMeasure(values));
    };
    return row;
}

MinerRow tripletMarginMiner() {
    MinerRow row = windowRow("triplet_margin", "Triplet margin",
                             "Takes the triplets of one kind by how much farther the negative is than the positive.",
                             "t = d(a,n) - d(a,p); violating: t ≤ m; hard: t ≤ 0; semi-hard: 0 < t ≤ m; easy: t > m");
    Parameter kind = minerParameter("kind", "Kind", 0, 3, 1, 0,
                                    "Violating takes hard and semi-hard ones together; easy ones hardly move points.");
    kind.options = {"violating", "hard", "semi-hard", "easy"};
    row.entry.parameters = {miningMargin(), kind, minerDistance()};
    row.make = [](const ParameterValues& values, std::uint64_t) {
        const double margin = values.at("mining_margin");
        const double above[] = {-kEndless, -kEndless, 0, margin}, upTo[] = {margin, 0, margin, kEndless};
        const auto chosen = static_cast<std::size_t>(values.at("kind"));
        return std::make_unique<Window>(above[chosen], upTo[chosen], minerMeasure(values));
    };
    return row;
}

MinerRow angularMiner() {
    MinerRow row = windowRow("angular", "Angular",
                             "Takes triplets whose negative sees anchor and positive under a wide angle: it stands "
                             "near them compared with how far they are apart.",
                             "atan( |a-p| / (2 |n-(a+p)/2|) ) > angle");
    row.entry.source = "Wang et al., ICCV 2017";
    row.entry.parameters = {minerParameter(
        "angle", "Angle", 1, 89, 1, 20, "Larger: fewer and harder triplets, negatives between anchor and positive.")};
    row.entry.parameters.front().unit = "°";
    row.make = [](const ParameterValues& values, std::uint64_t) { return std::make_unique<Angle>(values.at("angle")); };
    return row;
}

}  // namespace embedscope
