#pragma once

#include "engine/neighbors/nearest_scan.h"
#include "engine/neighbors/neighbor_graph.h"

#include <cstdint>
#include <span>
#include <vector>

namespace embedscope {

/// Rows of a space parted among centres. Its maker says how good the centres are.
struct RowClusters {
    std::vector<float> centres;           ///< [C, dimension]
    std::vector<std::int32_t> clusterOf;  ///< [rows] -1: not assigned yet.

    std::size_t count(int dimension) const { return centres.size() / static_cast<std::size_t>(dimension); }
};

/// Rows of the space as centres, nothing assigned. A fixed stride through the rows: any order of the data but a
/// periodic one is spread evenly. @param count At most that of the rows. @param offset Other ones for another.
RowClusters centresAmong(SpaceView space, std::size_t count, std::size_t offset = 0);

/// Gives each of `rows` to its nearest centre. @param centres Those of `clusters`, in tiles.
void assign(RowClusters& clusters, const TiledRows& centres, SpaceView space, std::span<const std::int32_t> rows,
            Workers& workers, const std::stop_token& stop = {});

/// Each centre to the mean of the rows that are assigned to it: a round of k-means.
void moveCentres(RowClusters& clusters, SpaceView space);

/// Parts of more than `most` rows, as in a space where many are equal, become several around the same centre.
void splitLarge(RowClusters& clusters, int dimension, std::size_t most);

/// [C] the rows of each.
std::vector<std::vector<std::int32_t>> membersOf(const RowClusters& clusters, int dimension);

}  // namespace embedscope
