#include "engine/losses/softmax_kernel.h"

#include "engine/processor_clones.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

namespace embedscope {
namespace {

constexpr std::int64_t kLanes = kVectorBytes / 4;
using Floats __attribute__((vector_size(kVectorBytes), may_alias)) = float;
using Ints __attribute__((vector_size(kVectorBytes), may_alias)) = std::int32_t;
using Bytes __attribute__((vector_size(kVectorBytes / 4), may_alias)) = std::int8_t;

/// x becomes exp(x), for x <= 0: 2^n times a polynomial of the rest, |rest| <= ln 2 / 2; the coefficients are those of
/// Cephes. Not a number stays none.
[[gnu::always_inline]] inline void applyExp(Floats& x) {
    constexpr float kRounder = 12582912.0F;  // 1.5 * 2^23: adding it leaves the nearest integer in the low bits
    constexpr float kLog2E = 1.44269504F, kLn2High = 0.693359375F, kLn2Low = -2.12194440e-4F;
    constexpr float kLowest = -87.0F;  // below, the result is no normal number
    const Floats bounded = x < kLowest ? Floats{} + kLowest : x;
    const Floats shifted = bounded * kLog2E + kRounder;
    const Floats n = shifted - kRounder;
    const Floats rest = (bounded - n * kLn2High) - n * kLn2Low;
    Floats sum = rest * 1.9875691500e-4F + 1.3981999507e-3F;
    sum = sum * rest + 8.3334519073e-3F;
    sum = sum * rest + 4.1665795894e-2F;
    sum = sum * rest + 1.6666665459e-1F;
    sum = sum * rest + 5.0000001201e-1F;
    sum = sum * rest * rest + rest + 1.0F;
    const Ints power = reinterpret_cast<const Ints&>(shifted) << 23;
    const Ints bits = reinterpret_cast<const Ints&>(sum) + power;
    const Floats result = reinterpret_cast<const Floats&>(bits);
    x = x != x ? x : (x < kLowest ? Floats{} : result);
}

/// The marked entries of the next eight; the others, and those beyond the row, as `unmarked`.
[[gnu::always_inline]] inline void readMarked(const float* values, const bool* mask, std::int64_t count, float unmarked,
                                              Floats& read) {
    Bytes marks{};
    if (count >= kLanes) {  // a copy of fixed size is one instruction
        std::memcpy(&read, values, sizeof read);
        std::memcpy(&marks, mask, sizeof marks);
    } else {
        std::memcpy(&read, values, static_cast<std::size_t>(count) * sizeof(float));
        std::memcpy(&marks, mask, static_cast<std::size_t>(count));
    }
    read = __builtin_convertvector(marks, Ints) != 0 ? read : Floats{} + unmarked;
}

[[gnu::always_inline]] inline float logSumKernel(const float* values, const bool* mask, std::int64_t count,
                                                 float* shares) {
    constexpr float kUnmarked = -std::numeric_limits<float>::infinity();
    Floats read{}, largest = Floats{} + kUnmarked;
    for (std::int64_t j = 0; j < count; j += kLanes) {
        readMarked(values + j, mask + j, count - j, kUnmarked, read);
        largest = read > largest ? read : largest;
    }
    float top = kUnmarked;
    for (std::int64_t k = 0; k < kLanes; ++k) top = std::max(top, largest[k]);
    if (top == kUnmarked) top = 0;  // none is marked, or none is a number: every share is 0, or none is a number either

    Floats sums{};
    for (std::int64_t j = 0; j < count; j += kLanes) {
        readMarked(values + j, mask + j, count - j, kUnmarked, read);
        read -= top;
        applyExp(read);
        sums += read;
        if (count - j >= kLanes)
            std::memcpy(shares + j, &read, sizeof read);
        else
            std::memcpy(shares + j, &read, static_cast<std::size_t>(count - j) * sizeof(float));
    }
    float sum = 0;
    for (std::int64_t k = 0; k < kLanes; ++k) sum += sums[k];
    if (sum == 0) return static_cast<float>(kNoLogSum);
    const float factor = 1 / sum;
    for (std::int64_t j = 0; j < count; ++j) shares[j] *= factor;
    return top + std::log(sum);
}

}  // namespace

EMBEDSCOPE_CLONES
float sumOfMarked(const float* values, const bool* mask, std::int64_t count) {
    Floats read{}, sums{};
    for (std::int64_t j = 0; j < count; j += kLanes) {
        readMarked(values + j, mask + j, count - j, 0, read);
        sums += read;
    }
    float sum = 0;
    for (std::int64_t k = 0; k < kLanes; ++k) sum += sums[k];
    return sum;
}

double sumOfMarked(const double* values, const bool* mask, std::int64_t count) {
    double sum = 0;
    for (std::int64_t j = 0; j < count; ++j) sum += mask[j] ? values[j] : 0;
    return sum;
}

EMBEDSCOPE_CLONES
float logSumOfRow(const float* values, const bool* mask, std::int64_t count, float* shares) {
    return logSumKernel(values, mask, count, shares);
}

double logSumOfRow(const double* values, const bool* mask, std::int64_t count, double* shares) {
    double top = -std::numeric_limits<double>::infinity();
    for (std::int64_t j = 0; j < count; ++j)
        if (mask[j] && values[j] > top) top = values[j];
    if (std::isinf(top)) top = 0;
    double sum = 0;
    for (std::int64_t j = 0; j < count; ++j) {
        shares[j] = mask[j] ? std::exp(values[j] - top) : 0;
        sum += shares[j];
    }
    if (sum == 0) return kNoLogSum;
    for (std::int64_t j = 0; j < count; ++j) shares[j] /= sum;
    return top + std::log(sum);
}

}  // namespace embedscope
