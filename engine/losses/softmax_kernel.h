#pragma once

#include <cstdint>

namespace embedscope {

/// log Σ exp(values) over the marked entries of a row, and what each of them has of the sum. Every row gives the same
/// bits on every thread. An exponential of floats is right to 2e-7 of itself.
/// @param mask [count] Marked: not 0. @param shares [count] exp(value) / Σ of the marked entries, else 0.
/// @return kNoLogSum where none is marked.
float logSumOfRow(const float* values, const bool* mask, std::int64_t count, float* shares);
double logSumOfRow(const double* values, const bool* mask, std::int64_t count, double* shares);

/// Σ of the marked entries of a row.
float sumOfMarked(const float* values, const bool* mask, std::int64_t count);
double sumOfMarked(const double* values, const bool* mask, std::int64_t count);

/// Far below every sum, but finite, so that an empty row has no infinity minus infinity in its gradient.
inline constexpr double kNoLogSum = -1e30;

}  // namespace embedscope
