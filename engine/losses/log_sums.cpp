#include "engine/losses/log_sums.h"

#include <ATen/Functions.h>

namespace embedscope {

torch::Tensor logSumExp(const torch::Tensor& values, const torch::Tensor& mask) {
    constexpr double kNever = -1e30;  // finite, so that an empty row has no infinity minus infinity in its gradient
    return values.masked_fill(mask.logical_not(), kNever).logsumexp(1);
}

torch::Tensor softPlus(const torch::Tensor& values) {
    return torch::softplus(values, 1, 50);
}

torch::Tensor weightedMean(const torch::Tensor& terms, const torch::Tensor& weights) {
    return (terms * weights).sum() / weights.sum().clamp_min(1);
}

torch::Tensor average(const torch::Tensor& terms, const torch::Tensor& mask, bool aboveZeroOnly) {
    const torch::Tensor counted = aboveZeroOnly ? mask.logical_and(terms.detach() > 0) : mask;
    return weightedMean(terms, counted.to(terms.scalar_type()));
}

PairMasks pairMasks(const torch::Tensor& embeddings, const torch::Tensor& labels, const Tuples& tuples) {
    torch::Tensor labelled = labels >= 0;
    if (tuples.anchors >= 0) labelled.slice(0, tuples.anchors).fill_(false);
    if (tuples.kind == Tuples::Kind::Masks) return {tuples.similar, tuples.dissimilar, labelled};
    if (tuples.kind == Tuples::Kind::All) {
        const torch::NoGradGuard noGradient;
        const torch::Tensor both = labelled.unsqueeze(0).logical_and(labelled.unsqueeze(1));
        const torch::Tensor same = labels.unsqueeze(0) == labels.unsqueeze(1);
        return {same.logical_and(both).fill_diagonal_(false), both.logical_and(same.logical_not()), labelled};
    }
    const PairWeights weights = pairWeights(embeddings, labels, tuples);
    return {weights.similar > 0, weights.dissimilar > 0, labelled};
}

}  // namespace embedscope
