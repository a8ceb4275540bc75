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

/// Brings a graph to a space that has moved, a piece at a time, so that whoever draws can draw in between.
///
/// The rows are parted among some of them, and each is compared with those of its own part and of the nearest others,
/// some 1,000, and with its former neighbours. How far the space has moved does not matter to that, and what is missed
/// is mostly found the next time, as the parts are others then. Spaces of fewer rows than that: exact.
class NeighborRefresh {
public:
    enum class Reach { Candidates, Everybody };

    /// @param graph Must outlive this; of other neighbours than asked for, or of other rows, it is allowed.
    /// @param space Must outlive this. @param round Counts the refreshes: other parts in each.
    /// @param reach Everybody: exact, at O(n² d).
    NeighborRefresh(const NeighborGraph& graph, SpaceView space, int neighbors, std::size_t round,
                    Reach reach = Reach::Candidates);
    ~NeighborRefresh();
    NeighborRefresh(const NeighborRefresh&) = delete;
    NeighborRefresh& operator=(const NeighborRefresh&) = delete;

    /// A piece: below a few milliseconds for up to 100,000 rows, but for one that moves the centres and the first of
    /// Everybody, which read the space once. @return complete().
    bool advance(Workers& workers);
    bool complete() const;
    /// As far as it is known: all of it once complete.
    const NeighborGraph& graph() const;
    /// The graph; once, when complete.
    NeighborGraph take();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace embedscope
