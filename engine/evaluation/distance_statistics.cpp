#include "engine/distance_statistics.h"

#include <Eigen/Core>

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cmath>

namespace embedscope {
namespace {

/// Ascending. Bits of floats >= 0 order as the floats do; three counting passes beat std::sort six times here, and
/// this runs at every report of a training run.
void sortDistances(std::vector<float>& values) {
    constexpr int kDigitBits = 11;
    std::vector<float> other(values.size());
    for (int shift = 0; shift < 32; shift += kDigitBits) {
        std::array<std::size_t, (1 << kDigitBits) + 1> starts{};
        const auto digit = [shift](float value) {
            return (std::bit_cast<std::uint32_t>(value) >> shift) & ((1U << kDigitBits) - 1);
        };
        for (const float value : values) ++starts[digit(value) + 1];
        for (std::size_t i = 1; i < starts.size(); ++i) starts[i] += starts[i - 1];
        for (const float value : values) other[starts[digit(value)]++] = value;
        values.swap(other);
    }
}

/// Finite distances, ascending.
std::vector<float> sortedDistances(std::span<const float> embeddings, int dimension, std::span<const RowPair> pairs) {
    using Row = Eigen::Map<const Eigen::ArrayXf>;
    std::vector<float> distances;
    distances.reserve(pairs.size());
    for (const auto& [first, second] : pairs) {
        const Row a(embeddings.data() + static_cast<std::size_t>(first) * dimension, dimension);
        const Row b(embeddings.data() + static_cast<std::size_t>(second) * dimension, dimension);
        const float distance = std::sqrt((a - b).square().sum());
        if (std::isfinite(distance)) distances.push_back(distance);
    }
    sortDistances(distances);
    return distances;
}

/// Linear between the two nearest ranks, as numpy does. @param sorted Not empty.
double quantile(std::span<const float> sorted, double share) {
    const double position = share * static_cast<double>(sorted.size() - 1);
    const auto low = static_cast<std::size_t>(position);
    const std::size_t high = std::min(low + 1, sorted.size() - 1);
    return sorted[low] + (position - static_cast<double>(low)) * (static_cast<double>(sorted[high]) - sorted[low]);
}

std::vector<float> histogram(std::span<const float> sorted, double upperEdge) {
    std::array<std::size_t, kHistogramBins> counts{};
    for (const float distance : sorted) {
        const auto bin = static_cast<std::size_t>(distance / upperEdge * kHistogramBins);
        ++counts[std::min<std::size_t>(bin, kHistogramBins - 1)];
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

/// Share of (similar, dissimilar) couples in which the similar pair is nearer; equal ones count half.
double areaUnderCurve(std::span<const float> similar, std::span<const float> dissimilar) {
    if (similar.empty() || dissimilar.empty()) return 0.5;
    double wins = 0;
    auto notNearer = dissimilar.begin();  // first dissimilar >= the similar one
    auto farther = dissimilar.begin();    // first dissimilar > the similar one
    for (const float distance : similar) {
        while (notNearer != dissimilar.end() && *notNearer < distance) ++notNearer;
        farther = std::max(farther, notNearer);
        while (farther != dissimilar.end() && *farther <= distance) ++farther;
        wins += static_cast<double>(dissimilar.end() - farther) + 0.5 * static_cast<double>(farther - notNearer);
    }
    return wins / (static_cast<double>(similar.size()) * static_cast<double>(dissimilar.size()));
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
