#pragma once

#include "engine/neighbors/workers.h"

#include <cstdint>
#include <memory>
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
std::optional<NeighborGraph> neighborGraph(SpaceView space, int neighbors, Workers& workers, std::stop_token stop = {});

/// Brings a graph to a space that has moved a little, a slice at a time, so that whoever draws can draw in between.
/// Only which rows have moved is found out at once, at the speed of memory.
///
/// A row looks again at its neighbours and at theirs, unless nothing around it has moved; a share of the rows, another
/// one each time, looks at everybody, which leaves no error standing for long. Where a space has moved far, the
/// surroundings no longer hold the nearest: then only Reach::Everybody finds them, at O(n² d).
class NeighborRefresh {
public:
    enum class Reach { Surroundings, Everybody };

    /// @param before What the graph's distances are of; empty: all rows count as moved. Is not kept.
    /// @param space Must outlive this. @param round Counts the refreshes: chooses which rows look at everybody.
    /// @param neighbors As in the graph; for another number all rows look at everybody.
    NeighborRefresh(const NeighborGraph& graph, SpaceView before, SpaceView space, int neighbors, std::size_t round,
                    Reach reach = Reach::Surroundings);
    ~NeighborRefresh();
    NeighborRefresh(const NeighborRefresh&) = delete;
    NeighborRefresh& operator=(const NeighborRefresh&) = delete;

    /// The next rows; of those that look at everybody fewer, as each costs more. @return true if all are done.
    bool advance(std::size_t rows, Workers& workers);
    /// The graph as far as it is done: its first done() rows.
    const NeighborGraph& graph() const;
    std::size_t done() const;
    /// The newest slice did less than was asked for: rows that cost something else follow, or none.
    bool wasCut() const;
    /// The graph; once, when advance() has said so.
    NeighborGraph take();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace embedscope
