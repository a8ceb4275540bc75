#include "ui/scatter/space_axes.h"

#include "ui/scatter/overlay.h"

#include <QFontMetricsF>
#include <QPainter>
#include <QPalette>

#include <cmath>

namespace embedscope {
namespace {

constexpr double kBox = 0.10, kAxis = 0.35, kName = 0.65;  // opacities
constexpr double kNameGap = 6;
constexpr float kHalfSide = 0.75F;  // of the box, in reaches: its corners stay in view

MapPlace corner(const Orbit& orbit, int which) {
    const float half = kHalfSide * orbit.reach;
    const auto side = [&](int bit) { return which & bit ? half : -half; };
    return {orbit.pivot.x + side(1), orbit.pivot.y + side(2), orbit.pivot.z + side(4)};
}

MapPlace endOfAxis(const Orbit& orbit, int axis) {
    MapPlace end = orbit.pivot;
    (axis == 0 ? end.x : axis == 1 ? end.y : end.z) += orbit.reach;
    return end;
}

QPen penOf(const QPalette& palette, double strength) {
    QColor color = palette.color(QPalette::Text);
    color.setAlphaF(static_cast<float>(strength));
    return QPen(color, 1);
}

void paintBox(QPainter& painter, const ScatterFrame& frame) {
    for (int from = 0; from < 8; ++from)
        for (const int bit : {1, 2, 4})
            if (!(from & bit))
                painter.drawLine(frame.screenFrom(corner(frame.orbit, from)),
                                 frame.screenFrom(corner(frame.orbit, from | bit)));
}

void paintName(QPainter& painter, QPointF end, QPointF from, const QString& name) {
    const QPointF way = end - from;
    const double length = std::hypot(way.x(), way.y());
    const QSizeF size = QFontMetricsF(painter.font()).size(Qt::TextSingleLine, name);
    // Beyond the end of the axis, and clear of it whichever way it points.
    const QPointF outwards = length > 0 ? way / length : QPointF(0, -1);
    QRectF room(QPointF(), size);
    room.moveCenter(
        end + QPointF(outwards.x() * (size.width() / 2 + kNameGap), outwards.y() * (size.height() / 2 + kNameGap)));
    painter.drawText(room, Qt::AlignCenter, name);
}

}  // namespace

void paintSpaceAxes(QPainter& painter, const ScatterFrame& frame, const QPalette& palette) {
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(penOf(palette, kBox));
    paintBox(painter, frame);
    painter.setPen(penOf(palette, kAxis));
    for (int axis = 0; axis < 3; ++axis)
        painter.drawLine(frame.screenFrom(frame.orbit.pivot), frame.screenFrom(endOfAxis(frame.orbit, axis)));
    painter.setPen(penOf(palette, kName));
    if (frame.orbit.nearness == 0) paintScaleBar(painter, frame.camera);
}

void paintSpaceNames(QPainter& painter, const ScatterFrame& frame, const std::vector<std::string>& names,
                     const QPalette& palette) {
    painter.setPen(penOf(palette, kName));
    const QPointF middle = frame.screenFrom(frame.orbit.pivot);
    for (std::size_t axis = 0; axis < 3 && axis < names.size(); ++axis)
        paintName(painter, frame.screenFrom(endOfAxis(frame.orbit, static_cast<int>(axis))), middle,
                  QString::fromStdString(names[axis]));
}

}  // namespace embedscope
