// Y. Sun et al.: Circle Loss: A Unified Perspective of Pair Similarity Optimization. CVPR 2020 (2002.10857).
#include "engine/losses/log_sums.h"
#include "engine/losses/parameter_loss.h"

#include <ATen/Functions.h>

namespace embedscope {
namespace {

class Circle : public ParameterLoss {
public:
    using ParameterLoss::ParameterLoss;

    LossValue evaluate(const torch::Tensor& embeddings, const torch::Tensor& labels, const Tuples& tuples) override {
        const PairMasks pairs = pairMasks(embeddings, labels, tuples);
        const double m = value("relaxation"), scale = value("scale");
        const torch::Tensor cosine = measured(embeddings, Measure::Cosine).neg();
        // The paper's weights are constants for the gradient.
        const torch::Tensor pull = (1 + m - cosine.detach()).relu() * (cosine - (1 - m));
        const torch::Tensor push = (cosine.detach() + m).relu() * (cosine - m);
        const torch::Tensor both = logSumExp(scale * push, pairs.dissimilar) + logSumExp(-scale * pull, pairs.similar);
        const torch::Tensor anchors = pairs.similar.any(1).logical_and(pairs.dissimilar.any(1));
        const torch::Tensor terms = torch::softplus(both).masked_fill(anchors.logical_not(), 0);
        const double active = anchors.logical_and(terms.detach() > 0).sum().item<double>();
        return {average(terms, pairs.labelled, option("average") == 0), shareOf(active, anchors.sum().item<double>())};
    }
};

}  // namespace

LossRow circle() {
    return {{.id = "circle",
             .label = "Circle",
             .group = "Softmax over the batch",
             .help = "Pulls and pushes each pair the harder the farther it is from its goal, so both kinds of distance "
                     "arrive together. The active fraction counts anchors.",
             .formula = "L(a) = log(1 + Σ_n exp(γ[s+m]₊(s-m)) · Σ_p exp(-γ[1+m-s]₊(s-1+m)))",
             .source = "Sun et al., CVPR 2020",
             .parameters = {liveParameter("relaxation", "Relaxation m", 0.01, 1, 0.05, 0.4,
                                          "Goals are 1-m for similar and m for dissimilar cosines. Smaller: tighter "
                                          "classes, stricter gaps."),
                            liveParameter("scale", "Scale γ", 1, 512, 8, 80,
                                          "Higher: the hardest pairs of each anchor decide."),
                            averageParameter(true)},
             .grouping = Grouping::Pairs | Grouping::Triplets},
            makeOf<Circle>};
}

}  // namespace embedscope
