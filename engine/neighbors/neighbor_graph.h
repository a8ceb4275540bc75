#pragma once

#include "engine/neighbors/workers.h"

#include <cstdint>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

namespace embedscope {

/// Rows of a space, [count, dimension] row-major, all finite.
struct SpaceView {
    std::span<const float> rows;
    int dimension = 1;
    std::size_t count() const { return rows.size() / static_cast<std::size_t>(dimension); }
    const float* row(std::size_t i) const { return rows.data() + i * static_cast<std::size_t>(dimension); }
};

/// The nearest other rows of every row by Euclidean distance, nearest first.
struct NeighborGraph {
    int neighbors = 0;               ///< k; at most count - 1.
    std::vector<std::int32_t> rows;  ///< [count, k]
    std::vector<float> distances;    ///< [count, k]

    std::size_t count() const { return neighbors == 0 ? 0 : rows.size() / static_cast<std::size_t>(neighbors); }
    std::span<const std::int32_t> rowsOf(std::size_t i) const { return std::span(rows).subspan(i * width(), width()); }
    std::span<const float> distancesOf(std::size_t i) const {
        return std::span(distances).subspan(i * width(), width());
    }
    std::size_t width() const { return static_cast<std::size_t>(neighbors); }
};

/// Compares everything with everything: exact, O(n² d), at the speed of a matrix product.
/// @return nothing if stopped.
std::optional<NeighborGraph> exactNeighborGraph(SpaceView space, int neighbors, Workers& workers,
                                                std::stop_token stop = {});

/// Exact while that takes seconds, else by clusters with a recall of at least 0.95 on clustered data.
std::optional<NeighborGraph> neighborGraph(SpaceView space, int neighbors, Workers& workers,
                                           std::stop_token stop = {});

/// Brings a graph to a space that has moved a little: every row looks again at its neighbours and at theirs, and the
/// rows [first, last) at everybody. Going round with the range leaves no error standing. O(n k² d) with a small k.
/// @return false if stopped; the graph is then as it was.
bool updateNeighborGraph(NeighborGraph& graph, SpaceView space, std::size_t first, std::size_t last, Workers& workers,
                         std::stop_token stop = {});

}  // namespace embedscope
