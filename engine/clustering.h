#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

namespace embedscope {

struct KMeansOptions {
    int clusters = 2;
    int iterations = 50;  ///< Ends earlier when no sample changes its cluster.
    std::uint64_t seed = 1;
};

/// Lloyd's k-means from a k-means++ start (Arthur & Vassilvitskii 2007). The same seed gives the same clusters on any
/// number of cores. Rows that are not finite get -1. With fewer rows than clusters, each row is its own.
/// @param embeddings [N, dimension] row-major. @return [N] cluster of each row; nothing if stopped.
std::optional<std::vector<std::int32_t>> kMeans(std::span<const float> embeddings, int dimension,
                                                const KMeansOptions& options, std::stop_token stop = {});

/// How much two groupings of the same samples agree. Samples with a negative label in either are left out.
struct Agreement {
    double normalizedMutualInformation = 0;  ///< 0..1; divided by the mean of both entropies, as scikit-learn does.
    double adjustedMutualInformation = 0;    ///< 0 for chance, 1 for equal (Vinh, Epps, Bailey 2010).
};
Agreement agreement(std::span<const std::int32_t> first, std::span<const std::int32_t> second);

/// Mean silhouette (Rousseeuw 1987) with the labels as clusters: (b - a) / max(a, b) with a the mean distance to the
/// own class and b to the nearest other one. -1..1; a lone sample counts 0. Unlabelled samples and rows that are not
/// finite are left out. @return NaN with fewer than two classes; nothing if stopped.
std::optional<double> silhouette(std::span<const float> embeddings, int dimension, std::span<const std::int32_t> labels,
                                 std::stop_token stop = {});

}  // namespace embedscope
