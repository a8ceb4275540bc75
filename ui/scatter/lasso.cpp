#include "ui/scatter/lasso.h"

#include <QPainter>
#include <QPalette>

namespace embedscope {
namespace {

constexpr double kShortestStep = 2;  // pixels; a finer outline only costs time

bool isInside(const QPolygonF& outline, QPointF place) {
    bool inside = false;
    for (qsizetype i = 0, j = outline.size() - 1; i < outline.size(); j = i++) {
        const QPointF &a = outline[i], &b = outline[j];
        if ((a.y() > place.y()) == (b.y() > place.y())) continue;
        if (place.x() < a.x() + (b.x() - a.x()) * (place.y() - a.y()) / (b.y() - a.y())) inside = !inside;
    }
    return inside;
}

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

std::vector<std::size_t> rowsInside(const DrawnPoints& points, const ScatterFrame& frame, const QPolygonF& outline) {
    std::vector<std::size_t> rows;
    const QRectF box = outline.boundingRect();
    for (std::size_t i = 0; i < points.size(); ++i) {
        if (points[i].style & kHiddenStyle) continue;
        const QPointF place = frame.camera.screenFromWorld(positionOf(points[i], frame.glide));
        if (box.contains(place) && isInside(outline, place)) rows.push_back(i);
    }
    return rows;
}

void paintLasso(QPainter& painter, const Lasso& lasso, const QPalette& palette) {
    QColor line = palette.color(QPalette::Highlight), fill = line;
    fill.setAlphaF(0.12F);
    painter.setPen(QPen(line, 1.5));
    painter.setBrush(fill);
    painter.drawPolygon(lasso.outline());
}

}  // namespace embedscope
