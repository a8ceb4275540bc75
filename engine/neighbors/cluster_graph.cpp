#include "engine/neighbors/cluster_graph.h"

#include "engine/neighbors/nearest_scan.h"
#include "engine/neighbors/row_clusters.h"

#include <algorithm>
#include <cmath>
#include <numeric>

// The inverted file of Jégou, Douze, Schmid 2011 ("Product quantization for nearest neighbor search"), without the
// quantiser: a probe of whole clusters.

namespace embedscope {
namespace {

constexpr int kRounds = 4;             // of k-means; more moves few rows
constexpr double kProbedShare = 0.08;  // of the clusters
constexpr std::size_t kLeastProbed = 12;

RowClusters makeClusters(SpaceView space, Workers& workers, const std::stop_token& stop) {
    const auto wanted = static_cast<std::size_t>(std::sqrt(static_cast<double>(space.count())));
    RowClusters clusters = centresAmong(space, std::max<std::size_t>(wanted, 1));
    std::vector<std::int32_t> rows(space.count());
    std::iota(rows.begin(), rows.end(), 0);
    for (int round = 0; round < kRounds && !stop.stop_requested(); ++round) {
        assign(clusters, TiledRows({clusters.centres, space.dimension}, {}), space, rows, workers, stop);
        if (!stop.stop_requested()) moveCentres(clusters, space);
    }
    assign(clusters, TiledRows({clusters.centres, space.dimension}, {}), space, rows, workers, stop);
    return clusters;
}

/// The cluster itself, then the rows of the nearest others until there are enough of both.
std::vector<std::int32_t> probed(const std::vector<std::vector<std::int32_t>>& members, const NeighborGraph& centres,
                                 std::size_t cluster, std::size_t atLeast) {
    std::vector<std::int32_t> rows = members[cluster];
    for (const std::int32_t other : centres.rowsOf(cluster)) {
        const auto& more = members[static_cast<std::size_t>(other)];
        rows.insert(rows.end(), more.begin(), more.end());
        if (rows.size() >= atLeast) break;
    }
    return rows;
}

}  // namespace

std::optional<NeighborGraph> clusterNeighborGraph(SpaceView space, int neighbors, Workers& workers,
                                                  std::stop_token stop) {
    RowClusters clusters = makeClusters(space, workers, stop);
    if (stop.stop_requested()) return std::nullopt;
    const auto width =
        static_cast<std::size_t>(std::min<std::size_t>(static_cast<std::size_t>(neighbors), space.count() - 1));
    const auto share = static_cast<std::size_t>(kProbedShare * static_cast<double>(space.count()));
    const std::size_t atLeast =
        std::max({share, kLeastProbed * space.count() / clusters.count(space.dimension), 4 * width + 1});
    splitLarge(clusters, space.dimension, atLeast);
    const auto members = membersOf(clusters, space.dimension);
    const std::size_t most = members.size() - 1;
    const auto centres = exactNeighborGraph({clusters.centres, space.dimension}, static_cast<int>(most), workers, stop);
    if (!centres) return std::nullopt;

    NeighborGraph graph;
    graph.neighbors = static_cast<int>(width);
    graph.rows.resize(space.count() * graph.width());
    graph.distances.resize(space.count() * graph.width());
    workers.forBlocks(members.size(), 1, [&](std::size_t cluster, std::size_t) {
        if (stop.stop_requested() || members[cluster].empty()) return;
        const std::vector<std::int32_t> rows = probed(members, *centres, cluster, atLeast);
        const TiledRows gallery(space, rows);
        std::vector<NearestList> lists(members[cluster].size());
        for (NearestList& list : lists) list.clear(graph.width());
        scanNearest(space, members[cluster], gallery, rows, lists);
        for (std::size_t q = 0; q < lists.size(); ++q) {
            const std::size_t at = static_cast<std::size_t>(members[cluster][q]) * graph.width();
            lists[q].write(std::span(graph.rows).subspan(at, graph.width()),
                           std::span(graph.distances).subspan(at, graph.width()));
        }
    });
    if (stop.stop_requested()) return std::nullopt;
    return graph;
}

}  // namespace embedscope
