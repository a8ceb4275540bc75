// T. Chen et al.: A Simple Framework for Contrastive Learning of Visual Representations. ICML 2020 (2002.05709).
// Decoupled: C.-H. Yeh et al.: Decoupled Contrastive Learning. ECCV 2022 (2110.06848).
#include "engine/losses/log_sums.h"
#include "engine/losses/parameter_loss.h"

#include <limits>

namespace embedscope {
namespace {

constexpr double kNoShare = std::numeric_limits<double>::quiet_NaN();

/// Every similar pair against the negatives of its anchor; other positives stay out of the denominator.
class NtXent : public ParameterLoss {
public:
    using ParameterLoss::ParameterLoss;

    LossValue evaluate(const torch::Tensor& embeddings, const torch::Tensor& labels, const Tuples& tuples) override {
        const PairMasks pairs = pairMasks(embeddings, labels, tuples);
        const torch::Tensor logits = measured(embeddings, distance()) / -value("temperature");
        const torch::Tensor negatives = logSumExp(logits, pairs.dissimilar).unsqueeze(1);
        return {average(softPlus(negatives - logits), pairs.similar, false), kNoShare};
    }
};

/// The same without the pair itself in the denominator: the pull no longer fades as the pair becomes good.
class Decoupled : public ParameterLoss {
public:
    using ParameterLoss::ParameterLoss;

    LossValue evaluate(const torch::Tensor& embeddings, const torch::Tensor& labels, const Tuples& tuples) override {
        const PairMasks pairs = pairMasks(embeddings, labels, tuples);
        const torch::Tensor logits = measured(embeddings, distance()) / -value("temperature");
        const torch::Tensor negatives = logSumExp(logits, pairs.dissimilar).unsqueeze(1);
        const torch::Tensor counted = pairs.similar.logical_and(pairs.dissimilar.any(1, true));
        return {average((negatives - logits).masked_fill(counted.logical_not(), 0), counted, false), kNoShare};
    }
};

std::vector<Parameter> parameters() {
    return {liveParameter("temperature", "Temperature", 0.005, 2, 0.01, 0.1,
                          "Lower: only the nearest negatives push, classes become small and sharp. Higher: all push "
                          "alike, the picture is more even."),
            measureParameter(Measure::Cosine), exponentParameter()};
}

}  // namespace

LossRow ntXent() {
    return {{.id = "nt_xent",
             .label = "NT-Xent (InfoNCE)",
             .group = "Softmax over the batch",
             .help = "Each similar pair competes with all negatives of its anchor. Spreads classes evenly over the "
                     "sphere.",
             .formula = "L = -log( exp(s(a,p)/T) / (exp(s(a,p)/T) + Σ_n exp(s(a,n)/T)) ), mean over similar pairs",
             .source = "Chen et al., ICML 2020",
             .parameters = parameters(),
             .grouping = Grouping::Pairs | Grouping::Triplets},
            makeOf<NtXent>};
}

LossRow decoupledContrastive() {
    return {
        {.id = "dcl",
         .label = "Decoupled contrastive (DCL)",
         .group = "Softmax over the batch",
         .help = "NT-Xent whose pull on a pair does not fade once the pair is near. Learns well from small batches.",
         .formula = "L = -s(a,p)/T + log Σ_n exp(s(a,n)/T), mean over similar pairs",
         .source = "Yeh et al., ECCV 2022",
         .parameters = parameters(),
         .grouping = Grouping::Pairs | Grouping::Triplets},
        makeOf<Decoupled>};
}

}  // namespace embedscope
