#pragma once

#include "ui/scatter/points.h"

#include <QLineF>

#include <array>
#include <span>
#include <vector>

class QPainter;
class QPalette;

namespace embedscope {

/// Lines of equal density of the points, smoothed: by level, from thin to thick crowds. World coordinates, at the end
/// of the glide.
struct DensityContours {
    /// Of the highest density.
    static constexpr std::array<float, 5> kLevels = {0.05F, 0.15F, 0.35F, 0.6F, 0.85F};
    std::array<std::vector<QLineF>, kLevels.size()> lines;
};

/// Of the points that are neither hidden nor dimmed, on a grid of 160 x 160 cells around nearly all of them.
DensityContours densityContours(std::span<const DrawnPoint> points);

/// Densities on a grid, smoothed. Row-major, [kSide * kSide].
class DensityGrid {
public:
    static constexpr int kSide = 160;
    explicit DensityGrid(std::span<const DrawnPoint> points);
    float at(int column, int row) const { return values_[static_cast<std::size_t>(row * kSide + column)]; }
    float highest() const;
    /// The middle of a cell, which may lie between two.
    QPointF worldFrom(double column, double row) const;

private:
    void smooth();
    QRectF box_;
    std::vector<float> values_;
};

void paintContours(QPainter& painter, const DensityContours& contours, const Camera& camera, const QPalette& palette);

}  // namespace embedscope
