#include "engine/distance_statistics.h"

#include "engine/evaluation/sorted_distances.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>

namespace embedscope {
namespace {

/// Linear between the two nearest ranks, as numpy does. @param sorted Not empty.
double quantile(std::span<const float> sorted, double share) {
    const double position = share * static_cast<double>(sorted.size() - 1);
    const auto low = static_cast<std::size_t>(position);
    const std::size_t high = std::min(low + 1, sorted.size() - 1);
    return sorted[low] + (position - static_cast<double>(low)) * (static_cast<double>(sorted[high]) - sorted[low]);
}

/// Finer than it is drawn: between two edges, error rates at a threshold are off by less than 1 in 1,000 where no bin
/// holds more.
constexpr std::size_t kFineBins = 16 * kHistogramBins;

std::vector<float> histogram(std::span<const float> sorted, double upperEdge) {
    std::array<std::size_t, kFineBins> counts{};
    for (const float distance : sorted) {
        const auto bin = static_cast<std::size_t>(distance / upperEdge * kFineBins);
        ++counts[std::min(bin, kFineBins - 1)];
    }
    std::vector<float> share;
    for (const std::size_t count : counts)
        share.push_back(static_cast<float>(static_cast<double>(count) / static_cast<double>(sorted.size())));
    return share;
}

DistanceDistribution distribution(std::span<const float> sorted, double upperEdge) {
    DistanceDistribution result;
    if (sorted.empty()) return result;
    result.count = sorted.size();
    const auto count = static_cast<double>(sorted.size());
    for (const float distance : sorted) result.mean += distance / count;
    double variance = 0;
    for (const float distance : sorted) variance += (distance - result.mean) * (distance - result.mean) / count;
    result.deviation = std::sqrt(variance);
    result.p10 = quantile(sorted, 0.1);
    result.median = quantile(sorted, 0.5);
    result.p90 = quantile(sorted, 0.9);
    result.share = histogram(sorted, upperEdge);
    return result;
}

/// The next of 1, 1.5, 2, 3, 4, 5, 6, 8, 10 times a power of ten: an axis that does not tremble from frame to frame.
double roundedUp(double largest) {
    if (largest <= 0) return 1;
    const double power = std::pow(10, std::floor(std::log10(largest)));
    for (const double step : {1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0})
        if (largest <= step * power) return step * power;
    return 10 * power;
}

}  // namespace

DistanceStatistics distanceStatistics(std::span<const float> embeddings, int dimension, const PairSample& pairs,
                                      bool normalized) {
    assert(dimension > 0);
    const std::vector<float> similar = sortedDistances(embeddings, dimension, pairs.similar);
    const std::vector<float> dissimilar = sortedDistances(embeddings, dimension, pairs.dissimilar);
    const double largest = std::max(similar.empty() ? 0 : similar.back(), dissimilar.empty() ? 0 : dissimilar.back());

    DistanceStatistics statistics;
    statistics.upperEdge = normalized ? 2 : roundedUp(largest);
    statistics.similar = distribution(similar, statistics.upperEdge);
    statistics.dissimilar = distribution(dissimilar, statistics.upperEdge);
    statistics.auc = areaUnderCurve(similar, dissimilar);
    return statistics;
}

}  // namespace embedscope
