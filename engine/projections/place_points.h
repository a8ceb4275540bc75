#pragma once

#include "engine/neighbors/neighbor_graph.h"

#include <stop_token>
#include <vector>

namespace embedscope {

/// Where new rows lie in a map of known ones that stays as it is: each at the densest place of its nearest known
/// neighbours, which is where the attraction of t-SNE alone would hold it. A row that is a known one lies on it.
/// @param map [known.count(), dims] row-major. @param rows Of the known space's dimension.
/// @return [rows.count(), dims], zeros if no row is known; empty if stopped.
std::vector<float> placedAmong(SpaceView known, std::span<const float> map, int dims, SpaceView rows, Workers& workers,
                               std::stop_token stop = {});

}  // namespace embedscope
