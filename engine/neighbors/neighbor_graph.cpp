#include "engine/neighbors/neighbor_graph.h"

#include "engine/neighbors/cluster_graph.h"
#include "engine/neighbors/nearest_scan.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace embedscope {
namespace {

constexpr std::size_t kQueriesAtOnce = 128;
constexpr double kExactCost = 1.5e12;  // n² d: some 20 s on two cores
constexpr std::size_t kHopNeighbors = 12;

NeighborGraph emptyGraph(std::size_t count, int neighbors) {
    NeighborGraph graph;
    graph.neighbors = static_cast<int>(std::min<std::size_t>(
        static_cast<std::size_t>(std::max(neighbors, 0)), count == 0 ? 0 : count - 1));
    graph.rows.resize(count * graph.width());
    graph.distances.resize(count * graph.width());
    return graph;
}

std::span<std::int32_t> rowsIn(NeighborGraph& graph, std::size_t i) {
    return std::span(graph.rows).subspan(i * graph.width(), graph.width());
}
std::span<float> distancesIn(NeighborGraph& graph, std::size_t i) {
    return std::span(graph.distances).subspan(i * graph.width(), graph.width());
}

/// Exact neighbours of the rows [first, last).
void scanRange(NeighborGraph& graph, SpaceView space, const TiledRows& gallery, std::size_t first, std::size_t last,
               Workers& workers, const std::stop_token& stop) {
    workers.forBlocks(last - first, kQueriesAtOnce, [&](std::size_t begin, std::size_t end) {
        if (stop.stop_requested()) return;
        std::vector<std::int32_t> queries(end - begin);
        std::iota(queries.begin(), queries.end(), static_cast<std::int32_t>(first + begin));
        std::vector<NearestList> lists(queries.size());
        for (NearestList& list : lists) list.clear(graph.width());
        scanNearest(space, queries, gallery, {}, lists);
        for (std::size_t q = 0; q < lists.size(); ++q) {
            const std::size_t row = first + begin + q;
            lists[q].write(rowsIn(graph, row), distancesIn(graph, row));
        }
    });
}

float squaredDistance(const float* a, const float* b, int dimension) {
    float sums[8]{};
    int k = 0;
    for (; k + 8 <= dimension; k += 8)
        for (int lane = 0; lane < 8; ++lane) {
            const float difference = a[k + lane] - b[k + lane];
            sums[lane] += difference * difference;
        }
    float sum = std::accumulate(std::begin(sums), std::end(sums), 0.0F);
    for (; k < dimension; ++k) sum += (a[k] - b[k]) * (a[k] - b[k]);
    return sum;
}

/// The row's neighbours and the nearest neighbours of its nearest ones, each once, itself left out.
void gatherCandidates(const NeighborGraph& graph, std::size_t row, std::vector<std::int32_t>& candidates) {
    const auto own = graph.rowsOf(row);
    candidates.assign(own.begin(), own.end());
    for (const std::int32_t near : own.first(std::min(kHopNeighbors, own.size()))) {
        const auto theirs = graph.rowsOf(static_cast<std::size_t>(near));
        const auto some = theirs.first(std::min(kHopNeighbors, theirs.size()));
        candidates.insert(candidates.end(), some.begin(), some.end());
    }
    std::ranges::sort(candidates);
    candidates.erase(std::unique(candidates.begin(), candidates.end()), candidates.end());
    std::erase(candidates, static_cast<std::int32_t>(row));
}

}  // namespace

std::optional<NeighborGraph> exactNeighborGraph(SpaceView space, int neighbors, Workers& workers,
                                                std::stop_token stop) {
    NeighborGraph graph = emptyGraph(space.count(), neighbors);
    if (graph.neighbors == 0) return graph;
    const TiledRows gallery(space, {});
    scanRange(graph, space, gallery, 0, space.count(), workers, stop);
    if (stop.stop_requested()) return std::nullopt;
    return graph;
}

std::optional<NeighborGraph> neighborGraph(SpaceView space, int neighbors, Workers& workers, std::stop_token stop) {
    const auto count = static_cast<double>(space.count());
    if (count * count * space.dimension <= kExactCost) return exactNeighborGraph(space, neighbors, workers, stop);
    return clusterNeighborGraph(space, neighbors, workers, stop);
}

bool updateNeighborGraph(NeighborGraph& graph, SpaceView space, std::size_t first, std::size_t last, Workers& workers,
                         std::stop_token stop) {
    if (graph.neighbors == 0) return true;
    NeighborGraph next = emptyGraph(space.count(), graph.neighbors);
    workers.forBlocks(space.count(), kQueriesAtOnce, [&](std::size_t begin, std::size_t end) {
        if (stop.stop_requested()) return;
        std::vector<std::int32_t> candidates;
        NearestList list;
        for (std::size_t row = begin; row < end; ++row) {
            if (row >= first && row < last) continue;
            gatherCandidates(graph, row, candidates);
            list.clear(graph.width());
            for (const std::int32_t other : candidates)
                list.add(squaredDistance(space.row(row), space.row(static_cast<std::size_t>(other)), space.dimension),
                         other);
            list.write(rowsIn(next, row), distancesIn(next, row));
        }
    });
    if (last > first && !stop.stop_requested())
        scanRange(next, space, TiledRows(space, {}), first, std::min(last, space.count()), workers, stop);
    if (stop.stop_requested()) return false;
    graph = std::move(next);
    return true;
}

}  // namespace embedscope
