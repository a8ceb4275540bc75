#include "engine/losses/pair_sum.h"

#include "engine/losses/pair_weights.h"
#include "engine/losses/precomputed.h"

#include <ATen/Dispatch.h>
#include <ATen/Functions.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <vector>

namespace embedscope {
namespace {

/// Sums of the terms, of the pairs and of those above zero, each of similar and dissimilar pairs.
struct Totals {
    double similar = 0, dissimilar = 0;
    double similarPairs = 0, dissimilarPairs = 0;
    double similarActive = 0, dissimilarActive = 0;

    void add(const Totals& other) {
        similar += other.similar;
        dissimilar += other.dissimilar;
        similarPairs += other.similarPairs;
        dissimilarPairs += other.dissimilarPairs;
        similarActive += other.similarActive;
        dissimilarActive += other.dissimilarActive;
    }
};

/// How often a pair counts, by its labels.
template <typename Scalar>
struct ByLabels {
    const std::int32_t* labels;
    std::int64_t row;
    Scalar similar(std::int64_t j) const { return (labels[row] >= 0) & (labels[row] == labels[j]) & (row != j); }
    Scalar dissimilar(std::int64_t j) const {
        return (labels[row] >= 0) & (labels[j] >= 0) & (labels[row] != labels[j]);
    }
};

template <typename Scalar>
struct ByCounts {
    const Scalar *similarCounts, *dissimilarCounts;
    Scalar similar(std::int64_t j) const { return similarCounts[j]; }
    Scalar dissimilar(std::int64_t j) const { return dissimilarCounts[j]; }
};

template <typename Scalar>
struct Rule {
    Scalar pull, push;
    int power;
    Scalar value(Scalar t) const { return power == 1 ? t : t * t; }
    Scalar slope(Scalar t) const { return power == 1 ? static_cast<Scalar>(t > 0) : 2 * t; }
};

template <typename Scalar>
Scalar above0(Scalar t) {
    return t > 0 ? t : 0;
}

template <typename Scalar, typename Weights>
Totals sumOfRow(const Scalar* distances, std::int64_t count, const Weights& weights, const Rule<Scalar>& rule) {
    Scalar similar = 0, dissimilar = 0, pairs = 0, others = 0, active = 0, othersActive = 0;
#pragma omp simd reduction(+ : similar, dissimilar, pairs, others, active, othersActive)
    for (std::int64_t j = 0; j < count; ++j) {
        const Scalar pull = above0(distances[j] - rule.pull), push = above0(rule.push - distances[j]);
        const Scalar one = weights.similar(j), other = weights.dissimilar(j);
        similar += one * rule.value(pull);
        dissimilar += other * rule.value(push);
        pairs += one;
        others += other;
        active += pull > 0 ? one : 0;
        othersActive += push > 0 ? other : 0;
    }
    return {similar, dissimilar, pairs, others, active, othersActive};
}

/// What a similar and a dissimilar term count in the mean.
struct Factors {
    double similar, dissimilar;
};

template <typename Scalar, typename Weights>
void gradientOfRow(const Scalar* distances, std::int64_t count, const Weights& weights, const Rule<Scalar>& rule,
                   const Factors& factors, Scalar* gradient) {
    const auto similar = static_cast<Scalar>(factors.similar), dissimilar = static_cast<Scalar>(factors.dissimilar);
#pragma omp simd
    for (std::int64_t j = 0; j < count; ++j) {
        const Scalar pull = above0(distances[j] - rule.pull), push = above0(rule.push - distances[j]);
        gradient[j] =
            similar * weights.similar(j) * rule.slope(pull) - dissimilar * weights.dissimilar(j) * rule.slope(push);
    }
}

Factors factorsOf(const Totals& totals, PairMean mean) {
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

/// @param weightsOf Row -> its weights.
template <typename Scalar, typename WeightsOf>
PairMeanValue meanOf(const torch::Tensor& distances, const WeightsOf& weightsOf, const Rule<Scalar>& rule,
                     PairMean mean) {
    const torch::Tensor values = distances.detach().cpu().contiguous();
    const auto* data = values.data_ptr<Scalar>();
    const std::int64_t count = values.size(0),
                       grain = std::max<std::int64_t>(1, (1 << 15) / std::max<std::int64_t>(count, 1));
    std::vector<Totals> each(count);
    at::parallel_for(0, count, grain, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t i = begin; i < end; ++i) each[i] = sumOfRow(data + i * count, count, weightsOf(i), rule);
    });
    Totals totals;  // in the order of rows: the same for any number of threads
    for (const Totals& one : each) totals.add(one);

    const Factors factors = factorsOf(totals, mean);
    torch::Tensor gradient = at::empty_like(values);
    auto* out = gradient.data_ptr<Scalar>();
    at::parallel_for(0, count, grain, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t i = begin; i < end; ++i)
            gradientOfRow(data + i * count, count, weightsOf(i), rule, factors, out + i * count);
    });
    const double value = factors.similar * totals.similar + factors.dissimilar * totals.dissimilar;
    return {precomputed(distances, value, gradient), totals.similarPairs + totals.dissimilarPairs,
            totals.similarActive + totals.dissimilarActive, std::max(totals.similarPairs, totals.dissimilarPairs)};
}

}  // namespace

PairMeanValue meanOfPairs(const torch::Tensor& distances, const torch::Tensor& embeddings, const torch::Tensor& labels,
                          const Tuples& tuples, const PairTerm& term, PairMean mean) {
    return AT_DISPATCH_FLOATING_TYPES(distances.scalar_type(), "meanOfPairs", [&] {
        const Rule<scalar_t> rule{static_cast<scalar_t>(term.pull), static_cast<scalar_t>(term.push), term.power};
        if (tuples.kind == Tuples::Kind::All) {
            const std::vector<std::int32_t> all = narrow(labels);
            return meanOf<scalar_t>(
                distances,
                [&](std::int64_t i) {
                    return ByLabels<scalar_t>{all.data(), i};
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
                return ByCounts<scalar_t>{one + i * count, other + i * count};
            },
            rule, mean);
    });
}

}  // namespace embedscope
