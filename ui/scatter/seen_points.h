#pragma once

#include "ui/scatter/points.h"

#include <cstdint>
#include <span>
#include <vector>

namespace embedscope {

/// The points as they are seen now, in the order in which they are drawn: in a plane as the layout has them, in space
/// from back to front and flat, as seen through the frame's orbit.
struct SeenPoints {
    std::span<const DrawnPoint> points;
    std::span<const std::uint32_t> rows;     ///< The layout's row of each point; empty: their order is the layout's.
    std::span<const std::size_t> levelEnds;  ///< [kDepthLevels] where each depth level ends; empty: in a plane.
    std::uint64_t version = 0;               ///< In space: another number, another order.

    std::size_t rowOf(std::size_t index) const { return rows.empty() ? index : rows[index]; }
    /// Factors of size and opacity.
    DepthLooks looksOf(std::size_t index, const ScatterFrame& frame) const;
};

/// Points that are drawn with one look.
struct PointLayer {
    std::span<const DrawnPoint> points;
    ScatterFrame frame;
};

/// What to draw one over the other: the dimmed points first, if there are any, and in space the far ones before the
/// near.
std::vector<PointLayer> layersOf(const SeenPoints& seen, const ScatterFrame& frame);

}  // namespace embedscope
