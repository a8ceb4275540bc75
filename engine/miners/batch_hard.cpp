// A. Hermans, L. Beyer, B. Leibe: In Defense of the Triplet Loss for Person Re-Identification. arXiv 1703.07737, 2017.
#include "engine/losses/measure.h"
#include "engine/miners/miner_table.h"

#include <ATen/Dispatch.h>
#include <ATen/Functions.h>

#include <limits>
#include <vector>

namespace embedscope {
namespace {

/// The partners of one anchor, -1 where there is none.
struct Partners {
    std::int64_t positive = -1, negative = -1;
};

template <typename Scalar>
Partners partnersOf(std::int64_t anchor, const Scalar* distances, const std::vector<std::int32_t>& labels) {
    Partners found;
    if (labels[anchor] < 0) return found;
    Scalar farthest = -std::numeric_limits<Scalar>::infinity(), nearest = std::numeric_limits<Scalar>::infinity();
    const auto count = static_cast<std::int64_t>(labels.size());
    for (std::int64_t i = 0; i < count; ++i) {
        if (labels[i] < 0 || i == anchor) continue;
        if (labels[i] == labels[anchor]) {
            if (found.positive < 0 || distances[i] > farthest) farthest = distances[found.positive = i];
        } else if (found.negative < 0 || distances[i] < nearest) {
            nearest = distances[found.negative = i];
        }
    }
    return found;
}

std::vector<std::int32_t> narrow(const torch::Tensor& labels) {
    const torch::Tensor all = labels.cpu().contiguous();
    const auto* values = all.data_ptr<std::int64_t>();
    return {values, values + all.numel()};
}

torch::Tensor listed(const std::vector<Partners>& partners, torch::Device device) {
    std::vector<std::int64_t> anchors, positives, negatives;
    for (std::size_t a = 0; a < partners.size(); ++a) {
        if (partners[a].positive < 0 || partners[a].negative < 0) continue;
        anchors.push_back(static_cast<std::int64_t>(a));
        positives.push_back(partners[a].positive);
        negatives.push_back(partners[a].negative);
    }
    return torch::stack({torch::tensor(anchors, torch::kLong), torch::tensor(positives, torch::kLong),
                         torch::tensor(negatives, torch::kLong)})
        .to(device);
}

class BatchHard : public Miner {
public:
    explicit BatchHard(Measure measure) : measure_(measure) {}

    Tuples mine(const torch::Tensor& embeddings, const torch::Tensor& labels) override {
        const torch::NoGradGuard noGradient;
        const torch::Tensor all = measured(embeddings, measure_).cpu().contiguous();
        const std::vector<std::int32_t> classes = narrow(labels);
        std::vector<Partners> partners(classes.size());
        AT_DISPATCH_FLOATING_TYPES(all.scalar_type(), "batchHard", [&] {
            for (std::size_t a = 0; a < classes.size(); ++a)
                partners[a] =
                    partnersOf(static_cast<std::int64_t>(a), all.data_ptr<scalar_t>() + a * classes.size(), classes);
        });
        Tuples tuples;
        tuples.kind = Tuples::Kind::Triplets;
        tuples.triplets = listed(partners, embeddings.device());
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
