#include "ui/scatter/density_contours.h"

#include <QPainter>
#include <QPalette>

#include <algorithm>
#include <cmath>

namespace embedscope {
namespace {

constexpr double kBorder = 0.15;         // of the box, so that lines close
constexpr int kRadius = 2, kPasses = 3;  // boxes of five, thrice: nearly a Gaussian of 2.4 cells

/// Where between two values a level lies, 0..1.
double between(float from, float to, float level) {
    return to == from ? 0.5 : (level - from) / (to - from);
}

/// Marching squares: the lines of one level in the square between four cells.
void addLines(std::vector<QLineF>& lines, const DensityGrid& grid, int column, int row, float level) {
    const float a = grid.at(column, row), b = grid.at(column + 1, row), c = grid.at(column + 1, row + 1),
                d = grid.at(column, row + 1);
    std::array<QPointF, 4> crossings;
    int count = 0;
    const auto cross = [&](float from, float to, double x, double y, double dx, double dy) {
        if ((from >= level) == (to >= level)) return;
        const double share = between(from, to, level);
        crossings[static_cast<std::size_t>(count++)] = grid.worldFrom(column + x + dx * share, row + y + dy * share);
    };
    cross(a, b, 0, 0, 1, 0);
    cross(b, c, 1, 0, 0, 1);
    cross(c, d, 1, 1, -1, 0);
    cross(d, a, 0, 1, 0, -1);
    if (count == 2) lines.emplace_back(crossings[0], crossings[1]);
    if (count != 4) return;
    // A saddle: the middle says which corners belong together.
    const bool high = (a + b + c + d) / 4 >= level;
    const bool cutsA = (a >= level) != high;
    lines.emplace_back(crossings[0], crossings[cutsA ? 3 : 1]);
    lines.emplace_back(crossings[2], crossings[cutsA ? 1 : 3]);
}

}  // namespace

DensityGrid::DensityGrid(std::span<const DrawnPoint> points) : values_(static_cast<std::size_t>(kSide) * kSide, 0.0F) {
    box_ = extentOf(points);
    const double side = std::max({box_.width(), box_.height(), 1e-6}) * (1 + 2 * kBorder);
    const QPointF middle = box_.center();
    box_ = QRectF(middle.x() - side / 2, middle.y() - side / 2, side, side);
    for (const DrawnPoint& point : points) {
        if (point.style & (kHiddenStyle | kDimmedStyle)) continue;
        const double column = (point.toX - box_.left()) / side * kSide, row = (point.toY - box_.top()) / side * kSide;
        if (!(column >= 0 && column < kSide && row >= 0 && row < kSide)) continue;
        ++values_[static_cast<std::size_t>(static_cast<int>(row) * kSide + static_cast<int>(column))];
    }
    smooth();
}

/// Boxes along the rows and along the columns.
void DensityGrid::smooth() {
    std::array<float, kSide> line;
    const auto blur = [&](std::size_t first, std::size_t step) {
        float sum = 0;
        for (int i = -kRadius; i < kSide; ++i) {
            if (i + kRadius < kSide) sum += values_[first + static_cast<std::size_t>(i + kRadius) * step];
            if (i - kRadius > 0) sum -= values_[first + static_cast<std::size_t>(i - kRadius - 1) * step];
            if (i >= 0) line[static_cast<std::size_t>(i)] = sum / (2 * kRadius + 1);
        }
        for (std::size_t i = 0; i < line.size(); ++i) values_[first + i * step] = line[i];
    };
    for (int pass = 0; pass < kPasses; ++pass)
        for (std::size_t i = 0; i < kSide; ++i) {
            blur(i * kSide, 1);
            blur(i, kSide);
        }
}

float DensityGrid::highest() const {
    return *std::ranges::max_element(values_);
}

QPointF DensityGrid::worldFrom(double column, double row) const {
    return {box_.left() + (column + 0.5) / kSide * box_.width(), box_.top() + (row + 0.5) / kSide * box_.height()};
}

DensityContours densityContours(std::span<const DrawnPoint> points) {
    DensityContours contours;
    const DensityGrid grid(points);
    const float highest = grid.highest();
    if (highest <= 0) return contours;
    for (std::size_t level = 0; level < DensityContours::kLevels.size(); ++level)
        for (int row = 0; row + 1 < DensityGrid::kSide; ++row)
            for (int column = 0; column + 1 < DensityGrid::kSide; ++column)
                addLines(contours.lines[level], grid, column, row, DensityContours::kLevels[level] * highest);
    return contours;
}

void paintContours(QPainter& painter, const DensityContours& contours, const Camera& camera, const QPalette& palette) {
    painter.setRenderHint(QPainter::Antialiasing);
    QColor ink = palette.color(QPalette::Text);
    for (std::size_t level = 0; level < contours.lines.size(); ++level) {
        const double share = static_cast<double>(level + 1) / static_cast<double>(contours.lines.size());
        ink.setAlphaF(static_cast<float>(0.25 + 0.5 * share));
        painter.setPen(QPen(ink, 0.8 + 0.8 * share, Qt::SolidLine, Qt::RoundCap));
        QList<QLineF> lines;
        for (const QLineF& line : contours.lines[level])
            lines << QLineF(camera.screenFromWorld(line.p1()), camera.screenFromWorld(line.p2()));
        painter.drawLines(lines);
    }
}

}  // namespace embedscope
