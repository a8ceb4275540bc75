// X. Wang et al.: Multi-Similarity Loss with General Pair Weighting for Deep Metric Learning. CVPR 2019 (1904.06627).
#include "engine/losses/log_sums.h"
#include "engine/losses/parameter_loss.h"

#include <limits>

namespace embedscope {
namespace {

class MultiSimilarity : public ParameterLoss {
public:
    using ParameterLoss::ParameterLoss;

    LossValue evaluate(const torch::Tensor& embeddings, const torch::Tensor& labels, const Tuples& tuples) override {
        const PairMasks pairs = pairMasks(embeddings, labels, tuples);
        const torch::Tensor beyondBase = measured(embeddings, distance()) - direction(distance()) * value("base");
        const double alpha = value("alpha"), beta = value("beta");
        const torch::Tensor pull = softPlus(logSumExp(alpha * beyondBase, pairs.similar)) / alpha;
        const torch::Tensor push = softPlus(logSumExp(-beta * beyondBase, pairs.dissimilar)) / beta;
        return {average(pull + push, pairs.labelled, false), std::numeric_limits<double>::quiet_NaN()};
    }
};

}  // namespace

LossRow multiSimilarity() {
    return {{.id = "multi_similarity",
             .label = "Multi-similarity",
             .group = "Softmax over the batch",
             .help = "Weighs each pair by how hard it is compared with the anchor's other pairs. Fits the "
                     "multi-similarity miner.",
             .formula = "L(a) = log(1 + Σ_p exp(-α(s-λ)))/α + log(1 + Σ_n exp(β(s-λ)))/β",
             .source = "Wang et al., CVPR 2019",
             .parameters = {liveParameter("alpha", "Pull sharpness α", 0.1, 100, 0.5, 2,
                                          "Higher: only the least similar positives are pulled, but hard."),
                            liveParameter("beta", "Push sharpness β", 0.1, 200, 1, 50,
                                          "Higher: only the most similar negatives are pushed, but hard."),
                            liveParameter("base", "Base λ", -1, 4, 0.05, 0.5,
                                          "Similarity that separates near from far: positives are pulled above it, "
                                          "negatives pushed below."),
                            measureParameter(Measure::Cosine), exponentParameter()},
             .grouping = Grouping::Pairs | Grouping::Triplets},
            makeOf<MultiSimilarity>};
}

}  // namespace embedscope
