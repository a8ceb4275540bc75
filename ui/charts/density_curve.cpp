// B. W. Silverman: Density Estimation for Statistics and Data Analysis. 1986, equation 3.31, for the width of the
// kernel where kernel_width.h finds none.
#include "ui/charts/density_curve.h"

#include "ui/charts/kernel_width.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>

namespace embedscope {
namespace {

constexpr int kPoints = 129;
constexpr double kReach = 4;  // widths of the kernel, beyond which it is nothing

/// Of the points of a normal distribution, 80 % lie within 2 * 1.2816 deviations.
double widthByRule(const DistanceDistribution& pairs) {
    const double robust = (pairs.p90 - pairs.p10) / 2.5631;
    const double spread = robust > 0 ? std::min(pairs.deviation, robust) : pairs.deviation;
    return 0.9 * spread * std::pow(static_cast<double>(pairs.count), -0.2);
}

double widthFor(const DistanceDistribution& pairs, double upperEdge) {
    const double fitted = upperEdge * kernelWidth(pairs.share, pairs.count);
    const double width = std::isnan(fitted) ? widthByRule(pairs) : fitted;
    return std::max(width, upperEdge / kPoints);  // narrower could not be drawn
}

}  // namespace

std::vector<double> barsOf(const DistanceDistribution& pairs) {
    std::vector<double> bars(kHistogramBins);
    for (std::size_t bin = 0; bin < pairs.share.size(); ++bin)
        bars[bin * kHistogramBins / pairs.share.size()] += pairs.share[bin];
    return bars;
}

std::vector<DensityPoint> densityCurve(const DistanceDistribution& pairs, double upperEdge) {
    std::vector<DensityPoint> curve;
    if (pairs.count == 0 || pairs.share.empty() || upperEdge <= 0) return curve;
    const auto bins = static_cast<std::ptrdiff_t>(pairs.share.size());
    const double width = widthFor(pairs, upperEdge), bin = upperEdge / static_cast<double>(bins);
    const double height = 1 / (width * std::sqrt(2 * std::numbers::pi));
    for (int i = 0; i < kPoints; ++i) {
        const double x = upperEdge * i / (kPoints - 1);
        double sum = 0;
        const auto last = static_cast<std::ptrdiff_t>(std::floor((x + kReach * width) / bin));
        for (auto k = static_cast<std::ptrdiff_t>(std::floor((x - kReach * width) / bin)); k <= last; ++k) {
            const std::ptrdiff_t from = k < 0 ? -1 - k : k < bins ? k : 2 * bins - 1 - k;  // mirrored
            if (from < 0 || from >= bins) continue;
            const double z = ((static_cast<double>(k) + 0.5) * bin - x) / width;
            sum += pairs.share[static_cast<std::size_t>(from)] * std::exp(-z * z / 2);
        }
        curve.push_back({x, height * sum});
    }
    return curve;
}

}  // namespace embedscope
