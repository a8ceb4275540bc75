#include "engine/losses/pair_weights.h"

#include "engine/losses/triplet_sum.h"

#include <ATen/Dispatch.h>

namespace embedscope {
namespace {

torch::Tensor countsOf(const torch::Tensor& first, const torch::Tensor& second, const torch::TensorOptions& options,
                       std::int64_t size) {
    torch::Tensor counts = torch::zeros({size, size}, options);
    return counts.index_put_({first, second}, torch::ones({first.size(0)}, options), /*accumulate=*/true);
}

template <typename Scalar>
void markPairs(const std::int64_t* labels, std::int64_t count, Scalar* similar, Scalar* dissimilar) {
    for (std::int64_t i = 0; i < count; ++i) {
        for (std::int64_t j = 0; j < count; ++j) {
            const bool both = labels[i] >= 0 && labels[j] >= 0;
            const bool same = labels[i] == labels[j];
            similar[i * count + j] = static_cast<Scalar>(both & same & (i != j));
            dissimilar[i * count + j] = static_cast<Scalar>(both & !same);
        }
    }
}

PairWeights allPairs(const torch::Tensor& labels, const torch::TensorOptions& options) {
    const std::int64_t size = labels.size(0);
    const torch::TensorOptions onCpu = options.device(torch::kCPU);
    PairWeights weights{torch::empty({size, size}, onCpu), torch::empty({size, size}, onCpu)};
    const torch::Tensor values = labels.cpu().contiguous();
    AT_DISPATCH_FLOATING_TYPES(weights.similar.scalar_type(), "allPairs", [&] {
        markPairs(values.data_ptr<std::int64_t>(), size, weights.similar.data_ptr<scalar_t>(),
                  weights.dissimilar.data_ptr<scalar_t>());
    });
    return {weights.similar.to(options.device()), weights.dissimilar.to(options.device())};
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
        case Tuples::Kind::Masks:
            return {tuples.similar.to(options.dtype().toScalarType()),
                    tuples.dissimilar.to(options.dtype().toScalarType())};
        case Tuples::Kind::Window:
        case Tuples::Kind::Angle:
            return windowPairCounts(embeddings, labels, tuples);
        case Tuples::Kind::All:
            break;
    }
    return allPairs(labels, options);
}

PairWeights tripletPairWeights(const torch::Tensor& embeddings, const torch::Tensor& labels, const Tuples& tuples) {
    PairWeights pairs = pairWeights(embeddings, labels, tuples);
    const bool join =
        tuples.kind == Tuples::Kind::All || tuples.kind == Tuples::Kind::Pairs || tuples.kind == Tuples::Kind::Masks;
    if (!join) return pairs;
    const torch::Tensor positives = pairs.similar.sum(1, true);
    const torch::Tensor negatives = pairs.dissimilar.sum(1, true);
    return {pairs.similar * negatives, pairs.dissimilar * positives};
}

}  // namespace embedscope
