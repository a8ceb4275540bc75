#include "engine/neighbors/neighbor_graph.h"

#include "engine/neighbors/cluster_graph.h"
#include "engine/neighbors/exact_rows.h"

namespace embedscope {
namespace {

constexpr double kExactCost = 3e10;  // n² d: about a second on two cores

}  // namespace

std::optional<NeighborGraph> exactNeighborGraph(SpaceView space, int neighbors, Workers& workers,
                                                std::stop_token stop) {
    NeighborGraph graph = emptyGraph(space.count(), neighbors);
    if (graph.neighbors == 0) return graph;
    const TiledRows gallery(space, {});
    scanExactRows(graph, space, gallery, 0, space.count(), workers, stop);
    if (stop.stop_requested()) return std::nullopt;
    return graph;
}

std::optional<NeighborGraph> neighborGraph(SpaceView space, int neighbors, Workers& workers, std::stop_token stop) {
    const auto count = static_cast<double>(space.count());
    if (count * count * space.dimension <= kExactCost) return exactNeighborGraph(space, neighbors, workers, stop);
    return clusterNeighborGraph(space, neighbors, workers, stop);
}

}  // namespace embedscope
