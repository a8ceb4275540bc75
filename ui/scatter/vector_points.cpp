#include "ui/scatter/vector_points.h"

#include <QPainter>
#include <QPainterPath>

#include <array>

namespace embedscope {
namespace {

/// Of radius 1, y downwards; the same shapes as mark_cache.cpp.
QPainterPath unitShape(PointShape shape) {
    QPainterPath path;
    switch (shape) {
        case PointShape::Disc:
            path.addEllipse(QPointF(), 1, 1);
            break;
        case PointShape::Square:
            path.addRect(-0.86, -0.86, 1.72, 1.72);
            break;
        case PointShape::Triangle:
            path.addPolygon(QPolygonF({{0, -1.2}, {1.04, 0.6}, {-1.04, 0.6}, {0, -1.2}}));
            break;
        case PointShape::Diamond:
            path.addPolygon(QPolygonF({{0, -1.16}, {1.16, 0}, {0, 1.16}, {-1.16, 0}, {0, -1.16}}));
            break;
    }
    return path;
}

}  // namespace

void paintVectorPoints(QPainter& painter, const std::vector<PointLayer>& layers) {
    const std::array shapes = {unitShape(PointShape::Disc), unitShape(PointShape::Square),
                               unitShape(PointShape::Triangle), unitShape(PointShape::Diamond)};
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    for (const auto& [points, frame] : layers) {
        const double radius = frame.radius;
        const QRectF room = QRectF(QPointF(), frame.camera.viewport).adjusted(-radius, -radius, radius, radius);
        painter.setOpacity(frame.opacity);
        for (const DrawnPoint& point : points) {
            const QPointF place = frame.camera.screenFromWorld(positionOf(point, frame.glide));
            if (!isDrawn(point, frame) || !room.contains(place)) continue;
            const bool hollow = point.style & kHollowStyle;
            const QColor color(point.red, point.green, point.blue);
            const double size = hollow ? radius - ringWidth(radius) / 2 : radius;
            painter.setPen(hollow ? QPen(color, ringWidth(radius) / size) : QPen(Qt::NoPen));
            painter.setBrush(hollow ? QBrush(Qt::NoBrush) : QBrush(color));
            painter.save();
            painter.translate(place);
            painter.scale(size, size);
            painter.drawPath(shapes[point.style & 3]);
            painter.restore();
        }
    }
    painter.restore();
}

}  // namespace embedscope
