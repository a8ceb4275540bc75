#pragma once

#include "engine/encoder_weights.h"
#include "tests/support/run_watch.h"

#include <algorithm>
#include <cstring>

namespace embedscope::test {

/// To the bit, NaN included.
inline bool sameNumber(double a, double b) {
    return std::memcmp(&a, &b, sizeof a) == 0;
}

/// All columns but the clock's.
inline bool sameRow(const MetricsRow& a, const MetricsRow& b) {
    constexpr double MetricsRow::*kColumns[] = {
        &MetricsRow::epoch,          &MetricsRow::loss,          &MetricsRow::activeFraction, &MetricsRow::learningRate,
        &MetricsRow::gradientNorm,   &MetricsRow::similarMean,   &MetricsRow::similarP10,     &MetricsRow::similarP90,
        &MetricsRow::dissimilarMean, &MetricsRow::dissimilarP10, &MetricsRow::dissimilarP90,  &MetricsRow::recallAt1};
    return a.step == b.step &&
           std::ranges::all_of(kColumns, [&](const auto column) { return sameNumber(a.*column, b.*column); });
}

inline bool sameFrame(const BankFrame& a, const BankFrame& b) {
    return a.step == b.step && a.exact == b.exact && a.embeddings == b.embeddings && *a.samples == *b.samples &&
           a.computedAtStep == b.computedAtStep;
}

/// The same numbers in the same order, whatever time they took.
inline bool sameRecord(const RunRecord& a, const RunRecord& b) {
    return std::ranges::equal(a.rows, b.rows, sameRow) && std::ranges::equal(a.epochs, b.epochs, sameFrame);
}

inline bool sameWeights(const EncoderWeights& a, const EncoderWeights& b) {
    return std::ranges::equal(a.tensors, b.tensors, [](const NamedValues& one, const NamedValues& other) {
        return one.name == other.name && one.shape == other.shape && one.values.size() == other.values.size() &&
               std::memcmp(one.values.data(), other.values.data(), one.values.size() * sizeof(float)) == 0;
    });
}

}  // namespace embedscope::test
