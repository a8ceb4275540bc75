#include "engine/neighbors/exact_rows.h"

#include <algorithm>
#include <numeric>

namespace embedscope {
namespace {

constexpr std::size_t kQueriesAtOnce = 128;

}  // namespace

NeighborGraph emptyGraph(std::size_t count, int neighbors) {
    NeighborGraph graph;
    graph.neighbors = static_cast<int>(
        std::min<std::size_t>(static_cast<std::size_t>(std::max(neighbors, 0)), count == 0 ? 0 : count - 1));
    graph.rows.resize(count * graph.width());
    graph.distances.resize(count * graph.width());
    return graph;
}

void writeRow(NearestList& list, NeighborGraph& graph, std::size_t row) {
    list.write(std::span(graph.rows).subspan(row * graph.width(), graph.width()),
               std::span(graph.distances).subspan(row * graph.width(), graph.width()));
}

void scanExactRows(NeighborGraph& graph, SpaceView space, const TiledRows& gallery, std::size_t first, std::size_t last,
                   Workers& workers, const std::stop_token& stop) {
    workers.forBlocks(last - first, kQueriesAtOnce, [&](std::size_t begin, std::size_t end) {
        if (stop.stop_requested()) return;
        std::vector<std::int32_t> queries(end - begin);
        std::iota(queries.begin(), queries.end(), static_cast<std::int32_t>(first + begin));
        std::vector<NearestList> lists(queries.size());
        for (NearestList& list : lists) list.clear(graph.width());
        scanNearest(space, queries, gallery, {}, lists);
        for (std::size_t q = 0; q < lists.size(); ++q) writeRow(lists[q], graph, first + begin + q);
    });
}

}  // namespace embedscope
