#include "engine/evaluation/silhouette.h"

#include "engine/clustering.h"
#include "engine/evaluation/query_rows.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace embedscope {
namespace {

/// Labels with the rows that are not finite made unlabelled: their distances say nothing.
template <typename Scalar>
std::vector<std::int32_t> finiteLabels(std::span<const Scalar> embeddings, int dimension,
                                       std::span<const std::int32_t> labels) {
    std::vector<std::int32_t> kept(labels.begin(), labels.end());
    const auto width = static_cast<std::size_t>(dimension);
    for (std::size_t row = 0; row < kept.size(); ++row)
        if (!isFinite(embeddings.subspan(row * width, width))) kept[row] = -1;
    return kept;
}

/// Labels as numbers from 0 without gaps, and how many there are.
std::pair<std::vector<std::size_t>, std::size_t> denseLabels(std::span<const std::int32_t> labels) {
    std::vector<std::int32_t> known(labels.begin(), labels.end());
    std::ranges::sort(known);
    known.erase(std::ranges::unique(known).begin(), known.end());
    std::vector<std::size_t> dense;
    for (const std::int32_t label : labels)
        dense.push_back(static_cast<std::size_t>(std::ranges::lower_bound(known, label) - known.begin()));
    return {dense, known.size()};
}

double silhouetteOf(std::span<const double> distanceSums, std::span<const double> sizes, std::size_t own) {
    if (sizes[own] < 2) return 0;
    const double inside = distanceSums[own] / (sizes[own] - 1);
    double outside = std::numeric_limits<double>::infinity();
    for (std::size_t other = 0; other < sizes.size(); ++other)
        if (other != own) outside = std::min(outside, distanceSums[other] / sizes[other]);
    const double larger = std::max(inside, outside);
    return larger > 0 ? (outside - inside) / larger : 0;  // all samples in one point
}

}  // namespace

template <typename Scalar>
std::optional<std::vector<double>> silhouettes(std::span<const Scalar> embeddings, int dimension,
                                               std::span<const std::int32_t> labels, std::stop_token stop) {
    const auto kept = finiteLabels(embeddings, dimension, labels);
    const Gallery<Scalar> gallery(embeddings, dimension, kept, scaleFor(embeddings));
    const auto [classes, count] = denseLabels(gallery.labels());
    if (count < 2) return std::vector<double>();
    std::vector<double> sizes(count);
    for (const std::size_t label : classes) ++sizes[label];
    std::vector<double> results(gallery.size());
    const auto ask = [&, &classes = classes](std::size_t query, std::span<Scalar> distances) {
        distances[query] = 0;  // a sum over the class includes itself at no distance
        std::vector<double> sums(sizes.size());
        for (std::size_t i = 0; i < distances.size(); ++i)
            sums[classes[i]] += std::sqrt(static_cast<double>(distances[i]));
        results[query] = silhouetteOf(sums, sizes, classes[query]);
    };
    if (!forQueries(gallery, leaveOneOut(gallery, embeddings), stop, ask)) return std::nullopt;
    return results;
}

template std::optional<std::vector<double>> silhouettes<float>(std::span<const float>, int,
                                                               std::span<const std::int32_t>, std::stop_token);
template std::optional<std::vector<double>> silhouettes<double>(std::span<const double>, int,
                                                                std::span<const std::int32_t>, std::stop_token);

std::optional<double> silhouette(std::span<const float> embeddings, int dimension, std::span<const std::int32_t> labels,
                                 std::stop_token stop) {
    const auto each = silhouettes(embeddings, dimension, labels, stop);
    if (!each) return std::nullopt;
    if (each->empty()) return std::numeric_limits<double>::quiet_NaN();
    return std::accumulate(each->begin(), each->end(), 0.0) / static_cast<double>(each->size());
}

}  // namespace embedscope
