#include "engine/clustering.h"
#include "engine/evaluation/query_rows.h"
#include "engine/evaluation/random_index.h"

#include <algorithm>
#include <numeric>

namespace embedscope {
namespace {

using Rows = std::vector<std::size_t>;

/// The rows of a data set that take part, and the centres among them.
struct Problem {
    std::span<const float> embeddings;
    int dimension;
    double scale;
    Rows rows;

    std::span<const float> row(std::size_t i) const {
        return embeddings.subspan(rows[i] * static_cast<std::size_t>(dimension), static_cast<std::size_t>(dimension));
    }
};

Rows finiteRows(std::span<const float> embeddings, std::size_t dimension) {
    Rows rows;
    for (std::size_t row = 0; row * dimension < embeddings.size(); ++row)
        if (isFinite(embeddings.subspan(row * dimension, dimension))) rows.push_back(row);
    return rows;
}

/// The nearest of `centres` (ties: the first) and its squared distance, for every row. @return false if stopped.
bool findNearest(const Problem& problem, std::span<const float> centres, std::vector<std::int32_t>& nearest,
                 std::vector<float>& distances, std::stop_token stop) {
    const std::vector<std::int32_t> noClasses(centres.size() / static_cast<std::size_t>(problem.dimension), 0);
    const Gallery<float> gallery(centres, problem.dimension, noClasses, problem.scale);
    const QueryRows<float> queries{problem.embeddings, problem.rows, {}, false};
    return forQueries(gallery, queries, stop, [&](std::size_t query, std::span<const float> line) {
        const auto least = std::ranges::min_element(line);
        nearest[query] = static_cast<std::int32_t>(least - line.begin());
        distances[query] = *least;
    });
}

/// The index at which the running sum of `weights` passes a uniform draw.
std::size_t drawWeighted(std::span<const float> weights, RandomIndex& random) {
    const double total = std::accumulate(weights.begin(), weights.end(), 0.0);
    if (total <= 0) return random.below(weights.size());  // all rows are centres already
    double left = random.unit() * total;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        left -= weights[i];
        if (left < 0) return i;
    }
    return weights.size() - 1;
}

/// k-means++: each next centre is drawn with a chance proportional to its squared distance from the ones there are.
std::optional<std::vector<float>> startingCentres(const Problem& problem, std::size_t count, RandomIndex& random,
                                                  std::stop_token stop) {
    std::vector<float> centres;
    std::vector<float> nearest(problem.rows.size(), std::numeric_limits<float>::infinity());
    std::vector<float> distances(problem.rows.size());
    std::vector<std::int32_t> unused(problem.rows.size());
    std::size_t chosen = random.below(problem.rows.size());
    while (true) {
        const auto row = problem.row(chosen);
        centres.insert(centres.end(), row.begin(), row.end());
        if (centres.size() == count * static_cast<std::size_t>(problem.dimension)) return centres;
        if (!findNearest(problem, row, unused, distances, stop)) return std::nullopt;
        std::ranges::transform(nearest, distances, nearest.begin(), [](float a, float b) { return std::min(a, b); });
        chosen = drawWeighted(nearest, random);
    }
}

/// Centres moved to the means of their rows; a centre that lost all its rows takes the row farthest from its own.
void moveCentres(const Problem& problem, std::span<const std::int32_t> nearest, std::vector<float>& distances,
                 std::vector<float>& centres) {
    const auto dimension = static_cast<std::size_t>(problem.dimension);
    std::vector<double> sums(centres.size());
    std::vector<std::size_t> counts(centres.size() / dimension);
    for (std::size_t i = 0; i < nearest.size(); ++i) {
        const auto row = problem.row(i);
        double* const sum = sums.data() + static_cast<std::size_t>(nearest[i]) * dimension;
        for (std::size_t k = 0; k < dimension; ++k) sum[k] += row[k];
        ++counts[static_cast<std::size_t>(nearest[i])];
    }
    for (std::size_t c = 0; c < counts.size(); ++c) {
        float* const centre = centres.data() + c * dimension;
        if (counts[c] > 0) {
            for (std::size_t k = 0; k < dimension; ++k)
                centre[k] = static_cast<float>(sums[c * dimension + k] / static_cast<double>(counts[c]));
            continue;
        }
        const auto farthest = static_cast<std::size_t>(std::ranges::max_element(distances) - distances.begin());
        std::ranges::copy(problem.row(farthest), centre);
        distances[farthest] = 0;
    }
}

}  // namespace

std::optional<std::vector<std::int32_t>> kMeans(std::span<const float> embeddings, int dimension,
                                                const KMeansOptions& options, std::stop_token stop) {
    const auto width = static_cast<std::size_t>(dimension);
    const Problem problem{embeddings, dimension, scaleFor(embeddings), finiteRows(embeddings, width)};
    std::vector<std::int32_t> result(embeddings.size() / width, -1);
    if (problem.rows.empty()) return result;
    const std::size_t count = std::min(problem.rows.size(), static_cast<std::size_t>(std::max(options.clusters, 1)));
    RandomIndex random(options.seed);
    auto centres = startingCentres(problem, count, random, stop);
    if (!centres) return std::nullopt;

    std::vector<std::int32_t> nearest(problem.rows.size(), -1), before;
    std::vector<float> distances(problem.rows.size());
    for (int iteration = 0; iteration < options.iterations; ++iteration) {
        before = nearest;
        if (!findNearest(problem, *centres, nearest, distances, stop)) return std::nullopt;
        if (nearest == before) break;
        moveCentres(problem, nearest, distances, *centres);
    }
    for (std::size_t i = 0; i < nearest.size(); ++i) result[problem.rows[i]] = nearest[i];
    return result;
}

}  // namespace embedscope
