// A. Hermans, L. Beyer, B. Leibe: In Defense of the Triplet Loss for Person Re-Identification. arXiv 1703.07737, 2017.
#include "engine/losses/measure.h"
#include "engine/miners/miner_table.h"

#include <limits>

namespace embedscope {
namespace {

class BatchHard : public Miner {
public:
    explicit BatchHard(Measure measure) : measure_(measure) {}

    Tuples mine(const torch::Tensor& embeddings, const torch::Tensor& labels) override {
        const torch::NoGradGuard noGradient;
        constexpr double kFar = std::numeric_limits<double>::infinity();
        const torch::Tensor all = measured(embeddings, measure_);
        const torch::Tensor labelled = labels >= 0;
        const torch::Tensor both = labelled.unsqueeze(0).logical_and(labelled.unsqueeze(1));
        const torch::Tensor same = labels.unsqueeze(0) == labels.unsqueeze(1);
        const torch::Tensor other = same.logical_not().logical_and(both);
        const torch::Tensor positive = same.logical_and(both).fill_diagonal_(false);

        const auto [farthest, farthestIndex] = all.masked_fill(positive.logical_not(), -kFar).max(1);
        const auto [nearest, nearestIndex] = all.masked_fill(other.logical_not(), kFar).min(1);
        const torch::Tensor anchors = positive.any(1).logical_and(other.any(1)).nonzero().squeeze(1);
        Tuples tuples;
        tuples.kind = Tuples::Kind::Triplets;
        tuples.triplets =
            torch::stack({anchors, farthestIndex.index_select(0, anchors), nearestIndex.index_select(0, anchors)});
        return tuples;
    }

private:
    Measure measure_;
};

}  // namespace

MinerRow batchHard() {
    MinerRow row;
    row.entry.id = "batch_hard";
    row.entry.label = "Batch-hard";
    row.entry.group = "Within the batch";
    row.entry.help =
        "For each anchor the farthest positive and the nearest negative of the batch. Learns fast where labels are "
        "clean; can collapse all points into one at the start, above all without normalised embeddings.";
    row.entry.formula = "p = argmax d(a,p), n = argmin d(a,n)";
    row.entry.source = "Hermans, Beyer, Leibe, 2017";
    row.entry.grouping = Grouping::Pairs | Grouping::Triplets;
    row.entry.parameters = {minerDistance()};
    row.make = [](const ParameterValues& values, std::uint64_t) {
        return std::make_unique<BatchHard>(minerMeasure(values));
    };
    return row;
}

}  // namespace embedscope
