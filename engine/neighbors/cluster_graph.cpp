#include "engine/neighbors/cluster_graph.h"

#include "engine/neighbors/nearest_scan.h"

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
constexpr std::size_t kQueriesAtOnce = 128;

struct Clusters {
    std::vector<float> centres;  ///< [C, dimension]
    std::vector<std::int32_t> clusterOf;
};

SpaceView viewOf(const Clusters& clusters, int dimension) {
    return {clusters.centres, dimension};
}

/// The nearest centre of every row.
void assign(Clusters& clusters, SpaceView space, Workers& workers, const std::stop_token& stop) {
    const TiledRows gallery(viewOf(clusters, space.dimension), {});
    const std::vector<std::int32_t> names = namesOfAnotherSpace(gallery.count());
    workers.forBlocks(space.count(), kQueriesAtOnce, [&](std::size_t begin, std::size_t end) {
        if (stop.stop_requested()) return;
        std::vector<std::int32_t> queries(end - begin);
        std::iota(queries.begin(), queries.end(), static_cast<std::int32_t>(begin));
        std::vector<NearestList> lists(queries.size());
        for (NearestList& list : lists) list.clear(1);
        scanNearest(space, queries, gallery, names, lists);
        for (std::size_t q = 0; q < lists.size(); ++q) {
            std::int32_t name = -1;
            float distance = 0;
            lists[q].write({&name, 1}, {&distance, 1});
            clusters.clusterOf[begin + q] = rowNamed(name);
        }
    });
}

void moveCentres(Clusters& clusters, SpaceView space) {
    const auto width = static_cast<std::size_t>(space.dimension);
    std::vector<double> sums(clusters.centres.size());
    std::vector<std::size_t> counts(clusters.centres.size() / width);
    for (std::size_t i = 0; i < space.count(); ++i) {
        const auto cluster = static_cast<std::size_t>(clusters.clusterOf[i]);
        ++counts[cluster];
        for (std::size_t k = 0; k < width; ++k) sums[cluster * width + k] += space.row(i)[k];
    }
    for (std::size_t c = 0; c < counts.size(); ++c)
        for (std::size_t k = 0; k < width && counts[c] > 0; ++k)
            clusters.centres[c * width + k] = static_cast<float>(sums[c * width + k] / static_cast<double>(counts[c]));
}

Clusters makeClusters(SpaceView space, Workers& workers, const std::stop_token& stop) {
    const auto wanted = static_cast<std::size_t>(std::sqrt(static_cast<double>(space.count())));
    const std::size_t count = std::max<std::size_t>(wanted, 1);
    Clusters clusters;
    clusters.clusterOf.resize(space.count());
    for (std::size_t c = 0; c < count; ++c) {
        // A fixed stride through the rows: any order of the data but a periodic one is spread evenly.
        const float* const row = space.row(c * space.count() / count);
        clusters.centres.insert(clusters.centres.end(), row, row + space.dimension);
    }
    for (int round = 0; round < kRounds && !stop.stop_requested(); ++round) {
        assign(clusters, space, workers, stop);
        moveCentres(clusters, space);
    }
    assign(clusters, space, workers, stop);
    return clusters;
}

std::vector<std::vector<std::int32_t>> membersOf(const Clusters& clusters, int dimension) {
    std::vector<std::vector<std::int32_t>> members(viewOf(clusters, dimension).count());
    for (std::size_t i = 0; i < clusters.clusterOf.size(); ++i)
        members[static_cast<std::size_t>(clusters.clusterOf[i])].push_back(static_cast<std::int32_t>(i));
    return members;
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
    const Clusters clusters = makeClusters(space, workers, stop);
    if (stop.stop_requested()) return std::nullopt;
    const auto members = membersOf(clusters, space.dimension);
    const std::size_t most = members.size() - 1;
    const auto centres = exactNeighborGraph(viewOf(clusters, space.dimension), static_cast<int>(most), workers, stop);
    if (!centres) return std::nullopt;

    NeighborGraph graph;
    graph.neighbors = static_cast<int>(std::min<std::size_t>(static_cast<std::size_t>(neighbors), space.count() - 1));
    graph.rows.resize(space.count() * graph.width());
    graph.distances.resize(space.count() * graph.width());
    const auto share = static_cast<std::size_t>(kProbedShare * static_cast<double>(space.count()));
    const std::size_t atLeast = std::max({share, kLeastProbed * space.count() / members.size(), 4 * graph.width() + 1});
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
