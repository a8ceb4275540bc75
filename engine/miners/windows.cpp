// Miners that describe their triplets by a window of d(a,n) - d(a,p) instead of listing them.
// Semi-hard: F. Schroff, D. Kalenichenko, J. Philbin: FaceNet. CVPR 2015.
#include "engine/miners/miner_table.h"

namespace embedscope {
namespace {

class Everything : public Miner {
public:
    Tuples mine(const torch::Tensor&, const torch::Tensor&) override { return {}; }
};

class SemiHard : public Miner {
public:
    explicit SemiHard(double margin) : margin_(margin) {}
    Tuples mine(const torch::Tensor&, const torch::Tensor&) override {
        Tuples tuples;
        tuples.kind = Tuples::Kind::Window;
        tuples.above = 0;
        tuples.upTo = margin_;
        return tuples;
    }

private:
    double margin_;
};

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
    Parameter margin;
    margin.id = "mining_margin";
    margin.label = "Mining margin";
    margin.help = "How much farther than the positive a negative may be to be taken. Larger: more and easier triplets.";
    margin.minimum = 0.01;
    margin.maximum = 2;
    margin.step = 0.05;
    margin.standard = 0.2;
    margin.changesLive = true;
    row.entry.parameters = {margin};
    row.make = [](const ParameterValues& values, std::uint64_t) {
        return std::make_unique<SemiHard>(values.at("mining_margin"));
    };
    return row;
}

}  // namespace embedscope
