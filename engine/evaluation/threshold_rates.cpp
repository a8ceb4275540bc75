#include "engine/threshold_rates.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace embedscope {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

/// Share of the pairs at most so far apart.
double shareUpTo(const DistanceDistribution& pairs, double upperEdge, double threshold) {
    if (pairs.share.empty() || upperEdge <= 0) return 0;
    const double place = std::clamp(threshold / upperEdge, 0.0, 1.0) * static_cast<double>(pairs.share.size());
    const auto whole = static_cast<std::size_t>(place);
    double sum = 0;
    for (std::size_t bin = 0; bin < std::min(whole, pairs.share.size()); ++bin) sum += pairs.share[bin];
    if (whole < pairs.share.size()) sum += (place - static_cast<double>(whole)) * pairs.share[whole];
    return std::min(sum, 1.0);
}

double errorOfShare(double share, std::size_t count) {
    return count == 0 ? kNone : std::sqrt(share * (1 - share) / static_cast<double>(count));
}

}  // namespace

ThresholdRates ratesAt(const DistanceStatistics& distances, double threshold) {
    ThresholdRates rates;
    rates.fmr = shareUpTo(distances.dissimilar, distances.upperEdge, threshold);
    rates.fnmr = distances.similar.count == 0 ? 0 : 1 - shareUpTo(distances.similar, distances.upperEdge, threshold);
    rates.fmrError = errorOfShare(rates.fmr, distances.dissimilar.count);
    rates.fnmrError = errorOfShare(rates.fnmr, distances.similar.count);
    return rates;
}

double bestThreshold(const DistanceStatistics& distances) {
    if (distances.similar.count == 0 || distances.dissimilar.count == 0) return distances.upperEdge / 2;
    const std::size_t bins = distances.similar.share.size();
    double best = std::numeric_limits<double>::infinity(), fmr = 0, fnmr = 1;
    std::size_t first = 0, last = 0;
    for (std::size_t edge = 0; edge <= bins; ++edge) {
        if (edge > 0) fmr += distances.dissimilar.share[edge - 1], fnmr -= distances.similar.share[edge - 1];
        const double mean = (fmr + fnmr) / 2;
        if (mean > best + 1e-9) continue;
        if (mean < best - 1e-9) first = edge;
        best = std::min(best, mean);
        last = edge;
    }
    return distances.upperEdge * static_cast<double>(first + last) / 2 / static_cast<double>(bins);
}

double aucError(const DistanceStatistics& distances) {
    const auto similar = static_cast<double>(distances.similar.count);
    const auto dissimilar = static_cast<double>(distances.dissimilar.count);
    if (similar == 0 || dissimilar == 0) return kNone;
    const double a = distances.auc;
    const double q1 = a / (2 - a), q2 = 2 * a * a / (1 + a);
    const double variance =
        (a * (1 - a) + (similar - 1) * (q1 - a * a) + (dissimilar - 1) * (q2 - a * a)) / (similar * dissimilar);
    return std::sqrt(std::max(variance, 0.0));
}

double meanError(const DistanceDistribution& pairs) {
    return pairs.count < 2 ? kNone : pairs.deviation / std::sqrt(static_cast<double>(pairs.count - 1));
}

}  // namespace embedscope
