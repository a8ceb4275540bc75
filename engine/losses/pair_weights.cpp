#include "engine/losses/pair_weights.h"

#include "engine/losses/distances.h"
#include "engine/losses/triplet_sum.h"

namespace embedscope {
namespace {

torch::Tensor countsOf(const torch::Tensor& first, const torch::Tensor& second, const torch::TensorOptions& options,
                       std::int64_t size) {
    torch::Tensor counts = torch::zeros({size, size}, options);
    return counts.index_put_({first, second}, torch::ones({first.size(0)}, options), /*accumulate=*/true);
}

PairWeights allPairs(const torch::Tensor& labels, const torch::TensorOptions& options) {
    const torch::Tensor labelled = labels >= 0;
    const torch::Tensor both = labelled.unsqueeze(0).logical_and(labelled.unsqueeze(1));
    const torch::Tensor same = labels.unsqueeze(0) == labels.unsqueeze(1);
    return {same.logical_and(both).to(options.dtype().toScalarType()).fill_diagonal_(0),
            same.logical_not().logical_and(both).to(options.dtype().toScalarType())};
}

}  // namespace

PairWeights pairWeights(const torch::Tensor& embeddings, const torch::Tensor& labels, const Tuples& tuples) {
    const torch::NoGradGuard noGradient;
    const torch::TensorOptions options = embeddings.options().requires_grad(false);
    const std::int64_t size = embeddings.size(0);
    switch (tuples.kind) {
        case Tuples::Kind::Pairs:
            return {countsOf(tuples.positivePairs[0], tuples.positivePairs[1], options, size),
                    countsOf(tuples.negativePairs[0], tuples.negativePairs[1], options, size)};
        case Tuples::Kind::Triplets:
            return {countsOf(tuples.triplets[0], tuples.triplets[1], options, size),
                    countsOf(tuples.triplets[0], tuples.triplets[2], options, size)};
        case Tuples::Kind::Window: {
            const auto [similar, dissimilar] = windowPairCounts(distances(normalizedRows(embeddings)), labels, tuples);
            return {similar, dissimilar};
        }
        case Tuples::Kind::All:
            break;
    }
    return allPairs(labels, options);
}

}  // namespace embedscope
