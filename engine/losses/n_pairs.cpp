// K. Sohn: Improved Deep Metric Learning with Multi-class N-pair Loss Objective. NeurIPS 2016.
#include "engine/losses/parameter_loss.h"

#include <ATen/Functions.h>

#include <limits>
#include <map>
#include <set>

namespace embedscope {
namespace {

/// The first two rows of each class that has two, in the order of the batch: [2, K].
torch::Tensor onePairAClass(const torch::Tensor& labels) {
    const torch::Tensor values = labels.cpu().contiguous();
    std::map<std::int64_t, std::int64_t> first;
    std::set<std::int64_t> done;
    std::vector<std::int64_t> anchors, positives;
    for (std::int64_t i = 0; i < values.size(0); ++i) {
        const std::int64_t label = values.data_ptr<std::int64_t>()[i];
        if (label < 0 || done.contains(label)) continue;
        const auto [seen, isFirst] = first.try_emplace(label, i);
        if (isFirst) continue;
        anchors.push_back(seen->second);
        positives.push_back(i);
        done.insert(label);
    }
    return torch::stack({torch::tensor(anchors, torch::kInt64), torch::tensor(positives, torch::kInt64)});
}

class NPairs : public ParameterLoss {
public:
    using ParameterLoss::ParameterLoss;

    LossValue evaluate(const torch::Tensor& embeddings, const torch::Tensor& labels, const Tuples&) override {
        constexpr double kNoShare = std::numeric_limits<double>::quiet_NaN();
        const torch::Tensor pairs = onePairAClass(labels).to(embeddings.device());
        const std::int64_t count = pairs.size(1);
        if (count == 0) return {embeddings.sum() * 0, kNoShare};
        const torch::Tensor rows = embeddings.index_select(0, pairs.flatten());
        const torch::Tensor logits = measured(rows, distance()).slice(0, 0, count).slice(1, count).neg();
        return {torch::log_softmax(logits, 1).diagonal().mean().neg(), kNoShare};
    }
};

}  // namespace

LossRow nPairs() {
    return {
        {.id = "n_pairs",
         .label = "N-pairs",
         .group = "Softmax over the batch",
         .help = "One pair of each class; every anchor must find its own positive among those of all classes. Needs "
                 "batches of many classes; rows beyond two a class are not used.",
         .formula = "L = -log( exp s(a_i,p_i) / Σ_j exp s(a_i,p_j) ), mean over classes",
         .source = "Sohn, NeurIPS 2016",
         .parameters = {measureParameter(Measure::Cosine), exponentParameter()},
         .grouping = Grouping::Batch},
        makeOf<NPairs>};
}

}  // namespace embedscope
