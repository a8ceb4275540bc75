// P. Khosla et al.: Supervised Contrastive Learning. NeurIPS 2020 (2004.11362).
#include "engine/losses/log_sums.h"
#include "engine/losses/parameter_loss.h"

#include <limits>

namespace embedscope {
namespace {

/// -mean over an anchor's positives of [s/T - log Σ over all its pairs exp(s/T)]; 0 without positives.
torch::Tensor anchorTerms(const torch::Tensor& logits, const PairMasks& pairs) {
    const torch::Tensor all = logSumExp(logits, pairs.similar.logical_or(pairs.dissimilar));
    return (all - markedMean(logits, pairs.similar)).masked_fill(pairs.similar.any(1).logical_not(), 0);
}

class SupCon : public ParameterLoss {
public:
    using ParameterLoss::ParameterLoss;

    LossValue evaluate(const torch::Tensor& embeddings, const torch::Tensor& labels, const Tuples& tuples) override {
        constexpr double kNoShare = std::numeric_limits<double>::quiet_NaN();
        const PairMasks pairs = pairMasks(embeddings, labels, tuples);
        const torch::Tensor logits = measured(embeddings, distance()) / -value("temperature");
        if (!pairs.dissimilar.any().item<bool>()) return {logits.sum() * 0, kNoShare};
        return {average(anchorTerms(logits, pairs), pairs.labelled, option("average") == 0), kNoShare};
    }
};

class SupConKhosla : public ParameterLoss {
public:
    using ParameterLoss::ParameterLoss;

    LossValue evaluate(const torch::Tensor& embeddings, const torch::Tensor& labels, const Tuples& tuples) override {
        const PairMasks pairs = pairMasks(embeddings, labels, tuples);
        const torch::Tensor logits = measured(embeddings, Measure::Cosine) / -value("temperature");
        const double factor = value("temperature") / value("base_temperature");
        return {factor * average(anchorTerms(logits, pairs), pairs.labelled, false),
                std::numeric_limits<double>::quiet_NaN()};
    }
};

Parameter temperature() {
    return liveParameter("temperature", "Temperature", 0.005, 2, 0.01, 0.1,
                         "Lower: near neighbours of other classes push hardest and classes become tight. Higher: "
                         "softer, rounder classes.");
}

}  // namespace

LossRow supCon() {
    return {
        {.id = "supcon",
         .label = "Supervised contrastive (SupCon)",
         .group = "Softmax over the batch",
         .help = "All samples of a class attract each other against everything else in the batch. Classes become "
                 "tight and spread evenly.",
         .formula = "L(a) = -mean_p [ s(a,p)/T - log Σ_k≠a exp(s(a,k)/T) ]",
         .source = "Khosla et al., NeurIPS 2020; averaged as in pytorch-metric-learning",
         .parameters = {temperature(), measureParameter(Measure::Cosine), exponentParameter(), averageParameter(true)},
         .grouping = Grouping::Pairs | Grouping::Triplets},
        makeOf<SupCon>};
}

LossRow supConKhosla() {
    return {{.id = "supcon_khosla",
             .label = "Supervised contrastive (authors' scale)",
             .group = "Softmax over the batch",
             .help = "SupCon as its authors average and scale it: anchors without a positive count as 0, and the base "
                     "temperature sets the strength.",
             .formula = "L = T/T₀ · mean_a -mean_p [ s(a,p)/T - log Σ_k≠a exp(s(a,k)/T) ]",
             .source = "Khosla et al., NeurIPS 2020",
             .parameters = {temperature(), liveParameter("base_temperature", "Base temperature", 0.005, 2, 0.01, 0.07,
                                                         "Only scales the loss: lower pulls and pushes harder.")},
             .grouping = Grouping::Pairs | Grouping::Triplets},
            makeOf<SupConKhosla>};
}

}  // namespace embedscope
