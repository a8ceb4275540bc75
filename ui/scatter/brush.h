#pragma once

#include "ui/scatter/points.h"

#include <QPolygonF>

#include <cstddef>
#include <span>
#include <vector>

class QCursor;
class QPainter;
class QPalette;

namespace embedscope {

/// A disc that the hand draws over points. Logical pixels of the view.
class Brush {
public:
    static constexpr double kLeastRadius = 4, kMostRadius = 60;

    void begin(QPointF place);
    void moveTo(QPointF place);
    void end() { path_.clear(); }
    bool isActive() const { return !path_.isEmpty(); }

    double radius() const { return radius_; }
    /// Within the limits above.
    void setRadius(double radius);
    /// The way of its middle.
    const QPolygonF& path() const { return path_; }

private:
    QPolygonF path_;
    double radius_ = 16;
};

/// Indices of the points that are not hidden and that the disc passed over, where they are drawn now.
std::vector<std::size_t> rowsUnder(std::span<const DrawnPoint> points, const ScatterFrame& frame, const Brush& brush);

void paintBrush(QPainter& painter, const Brush& brush, const QPalette& palette);

/// A ring as large as the brush.
QCursor brushCursor(const Brush& brush, const QColor& ink);

}  // namespace embedscope
