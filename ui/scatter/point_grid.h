#pragma once

#include "ui/scatter/points.h"

#include <optional>
#include <span>
#include <vector>

namespace embedscope {

/// Finds points near a place in world coordinates. Built on where the points glide to.
class PointGrid {
public:
    void build(std::span<const DrawnPoint> points);

    /// The nearest point that is not hidden within `radius` world units; the later drawn wins a tie.
    std::optional<std::size_t> nearest(std::span<const DrawnPoint> points, QPointF world, double radius) const;

    /// Calls visit(index, squared distance) for every point that is not hidden within `radius` world units.
    template <typename Visit>
    void forEachWithin(std::span<const DrawnPoint> points, QPointF world, double radius, Visit visit) const {
        if (side_ == 0) return;
        for (int row = rowOf(world.y() - radius); row <= rowOf(world.y() + radius); ++row)
            for (int column = columnOf(world.x() - radius); column <= columnOf(world.x() + radius); ++column) {
                const std::size_t cell = static_cast<std::size_t>(row) * side_ + column;
                for (std::uint32_t i = start_[cell]; i < start_[cell + 1]; ++i) {
                    const DrawnPoint& point = points[members_[i]];
                    if (point.style & kHiddenStyle) continue;
                    const double dx = point.toX - world.x(), dy = point.toY - world.y();
                    if (const double square = dx * dx + dy * dy; square <= radius * radius) visit(members_[i], square);
                }
            }
    }

private:
    int columnOf(double x) const;
    int rowOf(double y) const;

    QPointF origin_;
    double cell_ = 1;
    int side_ = 0;
    std::vector<std::uint32_t> start_;  ///< [side * side + 1] into members_.
    std::vector<std::uint32_t> members_;
};

}  // namespace embedscope
