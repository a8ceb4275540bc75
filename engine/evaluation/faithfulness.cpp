#include "engine/faithfulness.h"

#include "engine/evaluation/query_rows.h"
#include "engine/evaluation/rank_loss.h"

#include <algorithm>
#include <limits>

namespace embedscope {
namespace {

template <typename Scalar>
std::vector<std::uint32_t> nearestIndices(std::span<const Scalar> distances, std::size_t k) {
    std::vector<std::uint32_t> order(distances.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<std::uint32_t>(i);
    const auto nearer = [distances](std::uint32_t a, std::uint32_t b) {
        return distances[a] != distances[b] ? distances[a] < distances[b] : a < b;
    };
    std::ranges::partial_sort(order, order.begin() + static_cast<std::ptrdiff_t>(k), nearer);
    order.resize(k);
    return order;
}

/// How many entries come before `index`, plus one.
template <typename Scalar>
std::size_t rankOf(std::span<const Scalar> distances, std::uint32_t index) {
    const Scalar own = distances[index];
    const auto nearer = std::ranges::count_if(distances, [own](Scalar distance) { return distance < own; });
    return static_cast<std::size_t>(nearer + std::ranges::count(distances.first(index), own)) + 1;
}

/// Sum over `neighbours` of how far beyond rank k they lie in the other space.
template <typename Scalar>
double beyond(std::span<const Scalar> distances, std::span<const std::uint32_t> neighbours) {
    double sum = 0;
    for (const std::uint32_t neighbour : neighbours) {
        const std::size_t rank = rankOf(distances, neighbour);
        if (rank > neighbours.size()) sum += static_cast<double>(rank - neighbours.size());
    }
    return sum;
}

template <typename Scalar>
RankLoss lossOf(std::span<const Scalar> truth, std::span<const Scalar> drawn, std::size_t k) {
    const auto trueNeighbours = nearestIndices(truth, k), drawnNeighbours = nearestIndices(drawn, k);
    int kept = 0;
    for (const std::uint32_t neighbour : trueNeighbours) kept += std::ranges::count(drawnNeighbours, neighbour) > 0;
    return {beyond(truth, std::span<const std::uint32_t>(drawnNeighbours)),
            beyond(drawn, std::span<const std::uint32_t>(trueNeighbours)), kept};
}

std::vector<std::int32_t> evenlySpread(std::size_t count, std::size_t most) {
    const std::size_t asked = std::min(count, std::max<std::size_t>(most, 1));
    std::vector<std::int32_t> points;
    for (std::size_t i = 0; i < asked; ++i) points.push_back(static_cast<std::int32_t>(i * count / asked));
    return points;
}

}  // namespace

template <typename Scalar>
std::optional<std::vector<RankLoss>> rankLosses(std::span<const Scalar> embeddings, int dimension,
                                                std::span<const Scalar> map, int mapDimension,
                                                std::span<const std::int32_t> points, int k, std::stop_token stop) {
    const std::vector<std::int32_t> everyone(embeddings.size() / static_cast<std::size_t>(dimension), 0);
    const Gallery<Scalar> truth(embeddings, dimension, everyone, scaleFor(embeddings));
    const Gallery<Scalar> drawn(map, mapDimension, everyone, scaleFor(map));
    QueryRows<Scalar> queries{embeddings, {}, {}, false};
    for (const std::int32_t point : points) queries.rows.push_back(static_cast<std::size_t>(point));
    std::vector<RankLoss> losses(points.size());
    const auto ask = [&](std::size_t query, std::span<Scalar> trueDistances) {
        if (trueDistances.empty()) return;  // not finite: it has no neighbours to lose
        const std::size_t row = queries.rows[query];
        const Scalar* const place = map.data() + row * static_cast<std::size_t>(mapDimension);
        std::vector<Scalar> drawnDistances;
        drawn.squaredDistances(std::span(&place, 1), drawnDistances);
        drawnDistances.resize(drawn.size());
        trueDistances[row] = drawnDistances[row] = std::numeric_limits<Scalar>::infinity();
        losses[query] = lossOf(std::span<const Scalar>(trueDistances), std::span<const Scalar>(drawnDistances),
                               static_cast<std::size_t>(k));
    };
    if (!forQueries(truth, queries, stop, ask)) return std::nullopt;
    return losses;
}

template std::optional<std::vector<RankLoss>> rankLosses<float>(std::span<const float>, int, std::span<const float>,
                                                                int, std::span<const std::int32_t>, int,
                                                                std::stop_token);
template std::optional<std::vector<RankLoss>> rankLosses<double>(std::span<const double>, int, std::span<const double>,
                                                                 int, std::span<const std::int32_t>, int,
                                                                 std::stop_token);

std::optional<Faithfulness> faithfulness(std::span<const float> embeddings, int dimension, std::span<const float> map,
                                         int mapDimension, int k, std::size_t most, std::stop_token stop) {
    const std::size_t count = embeddings.size() / static_cast<std::size_t>(dimension);
    Faithfulness result;
    result.trustworthiness = result.continuity = result.neighbourPreservation =
        std::numeric_limits<double>::quiet_NaN();
    if (count < 3) return result;
    result.k = std::clamp(k, 1, static_cast<int>((count - 1) / 2));
    result.points = evenlySpread(count, most);
    result.sampled = result.points.size() < count;
    const auto losses = rankLosses(embeddings, dimension, map, mapDimension, result.points, result.k, stop);
    if (!losses) return std::nullopt;

    const auto n = static_cast<double>(count), neighbours = static_cast<double>(result.k);
    const double worst = neighbours * (2 * n - 3 * neighbours - 1) / 2;
    double intruders = 0, torn = 0, kept = 0;
    for (const RankLoss& loss : *losses) {
        result.pointTrust.push_back(static_cast<float>(1 - loss.intruders / worst));
        result.pointContinuity.push_back(static_cast<float>(1 - loss.torn / worst));
        intruders += loss.intruders;
        torn += loss.torn;
        kept += loss.kept;
    }
    const auto asked = static_cast<double>(losses->size());
    result.trustworthiness = 1 - intruders / (asked * worst);
    result.continuity = 1 - torn / (asked * worst);
    result.neighbourPreservation = kept / (asked * neighbours);
    return result;
}

}  // namespace embedscope
