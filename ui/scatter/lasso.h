#pragma once

#include "ui/scatter/points.h"

#include <QPolygonF>

#include <cstddef>
#include <span>
#include <vector>

class QPainter;
class QPalette;

namespace embedscope {

/// What the hand draws around points: a lasso or a rectangle. Logical pixels of the view.
class Lasso {
public:
    void begin(QPointF corner, bool rectangle);
    void moveTo(QPointF cursor);
    void end() { path_.clear(); }
    bool isActive() const { return !path_.isEmpty(); }
    /// The outline, not closed.
    const QPolygonF& outline() const { return path_; }

private:
    QPolygonF path_;
    bool rectangle_ = false;
};

/// Indices of the points that are not hidden and lie inside the outline (odd-even rule), where they are drawn now.
std::vector<std::size_t> rowsInside(std::span<const DrawnPoint> points, const ScatterFrame& frame,
                                    const QPolygonF& outline);

void paintLasso(QPainter& painter, const Lasso& lasso, const QPalette& palette);

}  // namespace embedscope
