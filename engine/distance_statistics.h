#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace embedscope {

/// Two samples of the bank, by row.
struct RowPair {
    std::int32_t first = 0;
    std::int32_t second = 0;
};

/// Similar and dissimilar pairs drawn once per run, so that the curves over steps follow the same pairs.
struct PairSample {
    std::vector<RowPair> similar;
    std::vector<RowPair> dissimilar;
};

/// At most `pairsEach` similar and as many dissimilar pairs of rows, uniformly; unlabelled rows (-1) are left out.
/// All pairs, if there are fewer.
PairSample samplePairs(std::span<const std::int32_t> labels, std::size_t pairsEach, std::uint64_t seed);

/// How many pairs are drawn at most.
struct PairCounts {
    std::size_t similar = 0, dissimilar = 0;
};

/// The same with a limit for each.
PairSample samplePairs(std::span<const std::int32_t> labels, PairCounts most, std::uint64_t seed);

/// One distribution of Euclidean distances. All zero with count 0 if there are no such pairs.
struct DistanceDistribution {
    std::size_t count = 0;
    double mean = 0, deviation = 0, p10 = 0, median = 0, p90 = 0;
    std::vector<float> share;  ///< [a multiple of kHistogramBins] even bins; sums to 1.
};

inline constexpr int kHistogramBins = 64;

struct DistanceStatistics {
    double upperEdge = 0;  ///< Bins are equal on [0, upperEdge]; 2 for normalised embeddings.
    DistanceDistribution similar;
    DistanceDistribution dissimilar;
    double auc = 0.5;  ///< Probability that a similar pair is nearer than a dissimilar one, from the same pairs.
};

/// @param embeddings [N, dimension] row-major.
/// @param normalized True: upperEdge is 2; false: the largest distance, rounded up.
/// Distances that are not finite are left out and not counted.
DistanceStatistics distanceStatistics(std::span<const float> embeddings, int dimension, const PairSample& pairs,
                                      bool normalized);

}  // namespace embedscope
