#include "ui/scatter/point_grid.h"

#include <algorithm>
#include <cmath>

namespace embedscope {

int PointGrid::columnOf(double x) const {
    return std::clamp(static_cast<int>((x - origin_.x()) / cell_), 0, side_ - 1);
}
int PointGrid::rowOf(double y) const {
    return std::clamp(static_cast<int>((y - origin_.y()) / cell_), 0, side_ - 1);
}

void PointGrid::build(std::span<const DrawnPoint> points) {
    side_ = 0;
    if (points.empty()) return;
    const auto [left, right] = std::ranges::minmax(points, {}, &DrawnPoint::toX);
    const auto [bottom, top] = std::ranges::minmax(points, {}, &DrawnPoint::toY);
    origin_ = QPointF(left.toX, bottom.toY);
    side_ = std::clamp(static_cast<int>(std::sqrt(static_cast<double>(points.size()) / 4)), 1, 512);
    const double extent = std::max({double(right.toX) - left.toX, double(top.toY) - bottom.toY, 1e-12});
    cell_ = extent / side_ * (1 + 1e-6);

    // Counting sort of the points by cell.
    start_.assign(static_cast<std::size_t>(side_) * side_ + 1, 0);
    const auto cellOf = [&](const DrawnPoint& point) {
        return static_cast<std::size_t>(rowOf(point.toY)) * side_ + columnOf(point.toX);
    };
    for (const DrawnPoint& point : points) ++start_[cellOf(point) + 1];
    for (std::size_t i = 1; i < start_.size(); ++i) start_[i] += start_[i - 1];
    members_.resize(points.size());
    std::vector<std::uint32_t> next(start_.begin(), start_.end() - 1);
    for (std::size_t i = 0; i < points.size(); ++i) members_[next[cellOf(points[i])]++] = static_cast<std::uint32_t>(i);
}

std::optional<std::size_t> PointGrid::nearest(std::span<const DrawnPoint> points, QPointF world, double radius) const {
    std::optional<std::size_t> best;
    double bestSquare = radius * radius;
    forEachWithin(points, world, radius, [&](std::size_t index, double square) {
        if (square > bestSquare || (best && square == bestSquare && index < *best)) return;
        best = index;
        bestSquare = square;
    });
    return best;
}

}  // namespace embedscope
