#pragma once

#include "ui/scatter/points.h"

#include <optional>

namespace embedscope {

/// Finds the point nearest to a place in world coordinates. Built on where the points glide to.
class PointGrid {
public:
    void build(const DrawnPoints& points);

    /// The nearest point that is not hidden within `radius` world units; the later drawn wins a tie.
    std::optional<std::size_t> nearest(const DrawnPoints& points, QPointF world, double radius) const;

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
