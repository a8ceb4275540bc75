#include "engine/losses/pair_sum.h"

#include "engine/losses/pair_row.h"
#include "engine/losses/pair_weights.h"
#include "engine/losses/precomputed.h"

#include <ATen/Dispatch.h>
#include <ATen/Functions.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <vector>

namespace embedscope {
namespace {

PairFactors factorsOf(const PairTotals& totals, PairMean mean) {
    const auto share = [](double count) { return 1 / std::max(count, 1.0); };
    switch (mean) {
        case PairMean::AllPairs: {
            const double each = share(totals.similarPairs + totals.dissimilarPairs);
            return {each, each};
        }
        case PairMean::EachKind:
            return {share(totals.similarPairs), share(totals.dissimilarPairs)};
        case PairMean::EachKindActive:
            break;
    }
    return {share(totals.similarActive), share(totals.dissimilarActive)};
}

std::vector<std::int32_t> narrow(const torch::Tensor& labels) {
    const torch::Tensor all = labels.cpu().contiguous();
    const auto* values = all.data_ptr<std::int64_t>();
    std::vector<std::int32_t> narrowed(all.numel());
    std::transform(values, values + all.numel(), narrowed.begin(), [](auto label) { return static_cast<int>(label); });
    return narrowed;
}

/// @param rowOf Row -> its partners.
template <typename Scalar, typename RowOf>
PairMeanValue meanOf(const torch::Tensor& distances, const RowOf& rowOf, const PairRule<Scalar>& rule, PairMean mean) {
    const torch::Tensor values = distances.detach().cpu().contiguous();
    const auto* data = values.data_ptr<Scalar>();
    const std::int64_t count = values.size(0),
                       grain = std::max<std::int64_t>(1, (1 << 15) / std::max<std::int64_t>(count, 1));
    std::vector<PairTotals> each(count);
    at::parallel_for(0, count, grain, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t i = begin; i < end; ++i) each[i] = sumOfRow(data + i * count, count, rowOf(i), rule);
    });
    PairTotals totals;  // in the order of rows: the same for any number of threads
    for (const PairTotals& one : each) totals.add(one);

    const PairFactors factors = factorsOf(totals, mean);
    torch::Tensor gradient = at::empty_like(values);
    auto* out = gradient.data_ptr<Scalar>();
    at::parallel_for(0, count, grain, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t i = begin; i < end; ++i)
            gradientOfRow(data + i * count, count, rowOf(i), rule, factors, out + i * count);
    });
    const double value = factors.similar * totals.similar + factors.dissimilar * totals.dissimilar;
    return {precomputed(distances, value, gradient), totals.similarPairs + totals.dissimilarPairs,
            totals.similarActive + totals.dissimilarActive, std::max(totals.similarPairs, totals.dissimilarPairs)};
}

}  // namespace

Slope slopeOf(const Tuples& tuples) {
    return tuples.kind == Tuples::Kind::All ? Slope::Symmetric : Slope::Any;
}

PairMeanValue meanOfPairs(const torch::Tensor& distances, const torch::Tensor& embeddings, const torch::Tensor& labels,
                          const Tuples& tuples, const PairTerm& term, PairMean mean) {
    return AT_DISPATCH_FLOATING_TYPES(distances.scalar_type(), "meanOfPairs", [&] {
        const PairRule<scalar_t> rule{static_cast<scalar_t>(term.pull), static_cast<scalar_t>(term.push), term.power};
        if (tuples.kind == Tuples::Kind::All) {
            const std::vector<std::int32_t> all = narrow(labels);
            return meanOf<scalar_t>(
                distances,
                [&](std::int64_t i) {
                    return LabelledRow{all.data(), i};
                },
                rule, mean);
        }
        const PairWeights pairs = pairWeights(embeddings, labels, tuples);
        const torch::Tensor similar = pairs.similar.cpu().contiguous(),
                            dissimilar = pairs.dissimilar.cpu().contiguous();
        const auto *one = similar.data_ptr<scalar_t>(), *other = dissimilar.data_ptr<scalar_t>();
        const std::int64_t count = similar.size(0);
        return meanOf<scalar_t>(
            distances,
            [&](std::int64_t i) {
                return CountedRow<scalar_t>{one + i * count, other + i * count};
            },
            rule, mean);
    });
}

}  // namespace embedscope
