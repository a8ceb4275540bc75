#pragma once

#include "engine/neighbors/neighbor_graph.h"

namespace embedscope {

/// Approximate neighbours for many rows: rows are put into about sqrt(n) clusters, and a row is compared with the
/// rows of the clusters nearest to its own. The scan is the one of the exact graph, at the speed of a matrix product.
/// @return nothing if stopped.
std::optional<NeighborGraph> clusterNeighborGraph(SpaceView space, int neighbors, Workers& workers,
                                                  std::stop_token stop = {});

}  // namespace embedscope
