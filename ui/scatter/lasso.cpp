#include "ui/scatter/lasso.h"

#include <QLineF>
#include <QPainter>
#include <QPalette>

#include <algorithm>

namespace embedscope {
namespace {

constexpr double kShortestStep = 2;  // pixels; a finer outline only costs time

/// The edges of an outline by the rows of pixels that they cross, so that a point meets only few of them.
class EdgesByRow {
public:
    explicit EdgesByRow(const QPolygonF& outline) : box_(outline.boundingRect()) {
        edges_.resize(static_cast<std::size_t>(rowOf(box_.bottom())) + 1);
        for (qsizetype i = 0, j = outline.size() - 1; i < outline.size(); j = i++) {
            const QLineF edge(outline[i], outline[j]);
            const auto [top, bottom] = std::minmax({edge.y1(), edge.y2()});
            for (int row = rowOf(top); row <= rowOf(bottom); ++row)
                edges_[static_cast<std::size_t>(row)].push_back(edge);
        }
    }

    /// By the odd-even rule.
    bool encloses(QPointF place) const {
        if (!box_.contains(place)) return false;
        bool inside = false;
        for (const QLineF& edge : edges_[static_cast<std::size_t>(rowOf(place.y()))]) {
            const QPointF a = edge.p1(), b = edge.p2();
            if ((a.y() > place.y()) == (b.y() > place.y())) continue;
            if (place.x() < a.x() + (b.x() - a.x()) * (place.y() - a.y()) / (b.y() - a.y())) inside = !inside;
        }
        return inside;
    }

private:
    int rowOf(double y) const { return static_cast<int>(y - box_.top()); }

    QRectF box_;
    std::vector<std::vector<QLineF>> edges_;
};

}  // namespace

void Lasso::begin(QPointF corner, bool rectangle) {
    rectangle_ = rectangle;
    path_ = rectangle ? QPolygonF({corner, corner, corner, corner}) : QPolygonF({corner});
}

void Lasso::moveTo(QPointF cursor) {
    if (rectangle_)
        path_ = QPolygonF({path_[0], {cursor.x(), path_[0].y()}, cursor, {path_[0].x(), cursor.y()}});
    else if ((cursor - path_.last()).manhattanLength() >= kShortestStep)
        path_.append(cursor);
}

std::vector<std::size_t> rowsInside(std::span<const DrawnPoint> points, const ScatterFrame& frame,
                                    const QPolygonF& outline) {
    std::vector<std::size_t> found;
    const EdgesByRow edges(outline);
    for (std::size_t i = 0; i < points.size(); ++i)
        if (!(points[i].style & kHiddenStyle) &&
            edges.encloses(frame.camera.screenFromWorld(positionOf(points[i], frame.glide))))
            found.push_back(i);
    return found;
}

void paintLasso(QPainter& painter, const Lasso& lasso, const QPalette& palette) {
    QColor line = palette.color(QPalette::Highlight), fill = line;
    fill.setAlphaF(0.12F);
    painter.setPen(QPen(line, 1.5));
    painter.setBrush(fill);
    painter.drawPolygon(lasso.outline());
}

}  // namespace embedscope
