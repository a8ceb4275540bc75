// The continued fraction of the incomplete beta function (DLMF 8.17.22), evaluated by Lentz's method.
#include "engine/compare/students_t.h"

#include <cmath>

namespace embedscope {
namespace {

constexpr double kTiny = 1e-300;  ///< In place of a zero that would be divided by.

double notZero(double value) {
    return std::abs(value) < kTiny ? kTiny : value;
}

/// Converges fast for x < (a + 1) / (a + b + 2).
double continuedFraction(double x, double a, double b) {
    constexpr int kMostTerms = 10'000;
    double c = 1, d = 1 / notZero(1 - (a + b) * x / (a + 1));
    double fraction = d;
    for (int m = 1; m < kMostTerms; ++m) {
        const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        d = 1 / notZero(1 + even * d);
        c = notZero(1 + even / c);
        fraction *= d * c;
        const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        d = 1 / notZero(1 + odd * d);
        c = notZero(1 + odd / c);
        fraction *= d * c;
        if (std::abs(d * c - 1) < 1e-15) break;
    }
    return fraction;
}

}  // namespace

double regularizedIncompleteBeta(double x, double a, double b) {
    if (x <= 0) return 0;
    if (x >= 1) return 1;
    if (x > (a + 1) / (a + b + 2)) return 1 - regularizedIncompleteBeta(1 - x, b, a);
    const double logarithm =
        std::lgamma(a + b) - std::lgamma(a) - std::lgamma(b) + a * std::log(x) + b * std::log1p(-x);
    return std::exp(logarithm) * continuedFraction(x, a, b) / a;
}

double twoSidedP(double t, double degrees) {
    if (std::isinf(t)) return 0;
    return regularizedIncompleteBeta(degrees / (degrees + t * t), degrees / 2, 0.5);
}

}  // namespace embedscope
