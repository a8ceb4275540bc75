#include "engine/losses/pair_row.h"

#include "engine/processor_clones.h"

#include <algorithm>

namespace embedscope {
namespace {

/// Not a number stays none.
template <typename Scalar>
[[gnu::always_inline]] inline Scalar above0(Scalar t) {
    return t < 0 ? 0 : t;
}

template <int kPower, typename Scalar>
[[gnu::always_inline]] inline Scalar valueOf(Scalar t) {
    return kPower == 1 ? t : t * t;
}

template <int kPower, typename Scalar>
[[gnu::always_inline]] inline Scalar slopeOf(Scalar t) {
    return kPower == 1 ? Scalar(t > 0 ? 1 : 0) : 2 * t;
}

/// Partners whose labels are `labels`, none of them the row itself.
template <int kPower, typename Scalar>
[[gnu::always_inline]] inline PairTotals sumOfPart(const Scalar* distances, const std::int32_t* labels,
                                                   std::int64_t count, std::int32_t own, const PairRule<Scalar>& rule) {
    const Scalar zero = 0, one = 1, low = rule.pull, high = rule.push;
    Scalar similar = 0, dissimilar = 0, pairs = 0, others = 0, active = 0, othersActive = 0;
#pragma omp simd reduction(+ : similar, dissimilar, pairs, others, active, othersActive)
    for (std::int64_t j = 0; j < count; ++j) {
        const Scalar pull = above0(distances[j] - low), push = above0(high - distances[j]);
        const Scalar same = labels[j] == own ? one : zero, other = labels[j] >= 0 ? one - same : zero;
        similar += same * valueOf<kPower>(pull);
        dissimilar += other * valueOf<kPower>(push);
        pairs += same;
        others += other;
        active += pull > 0 ? same : zero;
        othersActive += push > 0 ? other : zero;
    }
    return {similar, dissimilar, pairs, others, active, othersActive};
}

template <int kPower, typename Scalar>
[[gnu::always_inline]] inline PairTotals sumAround(const Scalar* distances, std::int64_t count, const LabelledRow& row,
                                                   const PairRule<Scalar>& rule) {
    const std::int32_t own = row.labels[row.row];
    if (own < 0) return {};
    PairTotals totals = sumOfPart<kPower>(distances, row.labels, row.row, own, rule);
    const std::int64_t next = row.row + 1;
    totals.add(sumOfPart<kPower>(distances + next, row.labels + next, count - next, own, rule));
    return totals;
}

template <int kPower, typename Scalar>
[[gnu::always_inline]] inline PairTotals sumCounted(const Scalar* distances, std::int64_t count,
                                                    const CountedRow<Scalar>& row, const PairRule<Scalar>& rule) {
    const Scalar zero = 0, low = rule.pull, high = rule.push;
    Scalar similar = 0, dissimilar = 0, pairs = 0, others = 0, active = 0, othersActive = 0;
#pragma omp simd reduction(+ : similar, dissimilar, pairs, others, active, othersActive)
    for (std::int64_t j = 0; j < count; ++j) {
        const Scalar pull = above0(distances[j] - low), push = above0(high - distances[j]);
        similar += row.similar[j] * valueOf<kPower>(pull);
        dissimilar += row.dissimilar[j] * valueOf<kPower>(push);
        pairs += row.similar[j];
        others += row.dissimilar[j];
        active += pull > 0 ? row.similar[j] : zero;
        othersActive += push > 0 ? row.dissimilar[j] : zero;
    }
    return {similar, dissimilar, pairs, others, active, othersActive};
}

template <int kPower, typename Scalar>
[[gnu::always_inline]] inline void gradientAround(const Scalar* distances, std::int64_t count, const LabelledRow& row,
                                                  const PairRule<Scalar>& rule, const PairFactors& factors,
                                                  Scalar* gradient) {
    const std::int32_t own = row.labels[row.row], *labels = row.labels;
    if (own < 0) {
        std::fill_n(gradient, count, Scalar(0));
        return;
    }
    const auto similar = static_cast<Scalar>(factors.similar), dissimilar = static_cast<Scalar>(factors.dissimilar);
    const Scalar zero = 0, low = rule.pull, high = rule.push;
#pragma omp simd
    for (std::int64_t j = 0; j < count; ++j) {
        const Scalar pulled = similar * slopeOf<kPower>(above0(distances[j] - low));
        const Scalar pushed = dissimilar * slopeOf<kPower>(above0(high - distances[j]));
        gradient[j] = labels[j] == own ? pulled : (labels[j] >= 0 ? -pushed : zero);
    }
    gradient[row.row] = 0;
}

template <int kPower, typename Scalar>
[[gnu::always_inline]] inline void gradientCounted(const Scalar* distances, std::int64_t count,
                                                   const CountedRow<Scalar>& row, const PairRule<Scalar>& rule,
                                                   const PairFactors& factors, Scalar* gradient) {
    const auto similar = static_cast<Scalar>(factors.similar), dissimilar = static_cast<Scalar>(factors.dissimilar);
    const Scalar low = rule.pull, high = rule.push;
#pragma omp simd
    for (std::int64_t j = 0; j < count; ++j)
        gradient[j] = similar * row.similar[j] * slopeOf<kPower>(above0(distances[j] - low)) -
                      dissimilar * row.dissimilar[j] * slopeOf<kPower>(above0(high - distances[j]));
}

}  // namespace

EMBEDSCOPE_CLONES
PairTotals sumOfRow(const float* distances, std::int64_t count, const LabelledRow& row, const PairRule<float>& rule) {
    return rule.power == 1 ? sumAround<1>(distances, count, row, rule) : sumAround<2>(distances, count, row, rule);
}

PairTotals sumOfRow(const double* distances, std::int64_t count, const LabelledRow& row, const PairRule<double>& rule) {
    return rule.power == 1 ? sumAround<1>(distances, count, row, rule) : sumAround<2>(distances, count, row, rule);
}

EMBEDSCOPE_CLONES
PairTotals sumOfRow(const float* distances, std::int64_t count, const CountedRow<float>& row,
                    const PairRule<float>& rule) {
    return rule.power == 1 ? sumCounted<1>(distances, count, row, rule) : sumCounted<2>(distances, count, row, rule);
}

PairTotals sumOfRow(const double* distances, std::int64_t count, const CountedRow<double>& row,
                    const PairRule<double>& rule) {
    return rule.power == 1 ? sumCounted<1>(distances, count, row, rule) : sumCounted<2>(distances, count, row, rule);
}

EMBEDSCOPE_CLONES
void gradientOfRow(const float* distances, std::int64_t count, const LabelledRow& row, const PairRule<float>& rule,
                   const PairFactors& factors, float* gradient) {
    if (rule.power == 1)
        gradientAround<1>(distances, count, row, rule, factors, gradient);
    else
        gradientAround<2>(distances, count, row, rule, factors, gradient);
}

void gradientOfRow(const double* distances, std::int64_t count, const LabelledRow& row, const PairRule<double>& rule,
                   const PairFactors& factors, double* gradient) {
    if (rule.power == 1)
        gradientAround<1>(distances, count, row, rule, factors, gradient);
    else
        gradientAround<2>(distances, count, row, rule, factors, gradient);
}

EMBEDSCOPE_CLONES
void gradientOfRow(const float* distances, std::int64_t count, const CountedRow<float>& row,
                   const PairRule<float>& rule, const PairFactors& factors, float* gradient) {
    if (rule.power == 1)
        gradientCounted<1>(distances, count, row, rule, factors, gradient);
    else
        gradientCounted<2>(distances, count, row, rule, factors, gradient);
}

void gradientOfRow(const double* distances, std::int64_t count, const CountedRow<double>& row,
                   const PairRule<double>& rule, const PairFactors& factors, double* gradient) {
    if (rule.power == 1)
        gradientCounted<1>(distances, count, row, rule, factors, gradient);
    else
        gradientCounted<2>(distances, count, row, rule, factors, gradient);
}

}  // namespace embedscope
