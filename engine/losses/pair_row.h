#pragma once

#include <cstdint>

namespace embedscope {

/// Sums of the terms, of the pairs and of those above zero, each of similar and dissimilar pairs.
struct PairTotals {
    double similar = 0, dissimilar = 0;
    double similarPairs = 0, dissimilarPairs = 0;
    double similarActive = 0, dissimilarActive = 0;

    void add(const PairTotals& other) {
        similar += other.similar;
        dissimilar += other.dissimilar;
        similarPairs += other.similarPairs;
        dissimilarPairs += other.dissimilarPairs;
        similarActive += other.similarActive;
        dissimilarActive += other.dissimilarActive;
    }
};

/// max(0, d - pull)^power of a similar pair, max(0, push - d)^power of a dissimilar one.
template <typename Scalar>
struct PairRule {
    Scalar pull, push;
    int power;  ///< 1 or 2.
};

/// The row's partners by their labels: every other sample, none without a label.
struct LabelledRow {
    const std::int32_t* labels;
    std::int64_t row;
};

/// How often each partner counts as similar and as dissimilar.
template <typename Scalar>
struct CountedRow {
    const Scalar *similar, *dissimilar;
};

/// What a similar and a dissimilar term count in the mean.
struct PairFactors {
    double similar, dissimilar;
};

/// One row of a [count, count] matrix of distances.
PairTotals sumOfRow(const float* distances, std::int64_t count, const LabelledRow& row, const PairRule<float>& rule);
PairTotals sumOfRow(const double* distances, std::int64_t count, const LabelledRow& row, const PairRule<double>& rule);
PairTotals sumOfRow(const float* distances, std::int64_t count, const CountedRow<float>& row,
                    const PairRule<float>& rule);
PairTotals sumOfRow(const double* distances, std::int64_t count, const CountedRow<double>& row,
                    const PairRule<double>& rule);

/// How the mean changes with each distance of the row.
void gradientOfRow(const float* distances, std::int64_t count, const LabelledRow& row, const PairRule<float>& rule,
                   const PairFactors& factors, float* gradient);
void gradientOfRow(const double* distances, std::int64_t count, const LabelledRow& row, const PairRule<double>& rule,
                   const PairFactors& factors, double* gradient);
void gradientOfRow(const float* distances, std::int64_t count, const CountedRow<float>& row,
                   const PairRule<float>& rule, const PairFactors& factors, float* gradient);
void gradientOfRow(const double* distances, std::int64_t count, const CountedRow<double>& row,
                   const PairRule<double>& rule, const PairFactors& factors, double* gradient);

}  // namespace embedscope
