#pragma once

#include "engine/neighbors/nearest_scan.h"

namespace embedscope {

/// A graph of that size without its content.
NeighborGraph emptyGraph(std::size_t count, int neighbors);

/// Writes what a list found into the row of a graph.
void writeRow(NearestList& list, NeighborGraph& graph, std::size_t row);

/// Exact neighbours of the rows [first, last). @param gallery All rows of `space`.
void scanExactRows(NeighborGraph& graph, SpaceView space, const TiledRows& gallery, std::size_t first, std::size_t last,
                   Workers& workers, const std::stop_token& stop);

}  // namespace embedscope
