#include "ui/scatter/camera.h"

#include <algorithm>

namespace embedscope {
namespace {

constexpr double kBorder = 0.1;
constexpr double kSmallestExtent = 1e-6;  // all points in one place still make a picture
constexpr double kLeastScale = 1e-3, kMostScale = 1e9;

}  // namespace

QPointF Camera::screenFromWorld(QPointF world) const {
    return {viewport.width() / 2 + (world.x() - centre.x()) * pixelsPerUnit,
            viewport.height() / 2 - (world.y() - centre.y()) * pixelsPerUnit};
}

QPointF Camera::worldFromScreen(QPointF screen) const {
    return {centre.x() + (screen.x() - viewport.width() / 2) / pixelsPerUnit,
            centre.y() - (screen.y() - viewport.height() / 2) / pixelsPerUnit};
}

void Camera::zoomAt(QPointF cursor, double factor) {
    const QPointF fixed = worldFromScreen(cursor);
    pixelsPerUnit = std::clamp(pixelsPerUnit * factor, kLeastScale, kMostScale);
    const QPointF moved = worldFromScreen(cursor);
    centre += fixed - moved;
}

void Camera::panBy(QPointF offset) {
    centre += QPointF(-offset.x(), offset.y()) / pixelsPerUnit;
}

void Camera::fit(const QRectF& world) {
    centre = world.center();
    const double width = std::max(world.width(), kSmallestExtent), height = std::max(world.height(), kSmallestExtent);
    const double room = 1 - 2 * kBorder;
    pixelsPerUnit = std::clamp(std::min(viewport.width() * room / width, viewport.height() * room / height),
                               kLeastScale, kMostScale);
}

}  // namespace embedscope
