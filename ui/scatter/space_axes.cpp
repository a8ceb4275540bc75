#include "ui/scatter/space_axes.h"

#include "ui/scatter/overlay.h"

#include <QFontMetricsF>
#include <QPainter>
#include <QPalette>

#include <array>

namespace embedscope {
namespace {

constexpr double kBox = 0.10, kAxis = 0.35, kName = 0.65;  // opacities
constexpr double kNameGap = 6;

MapPlace corner(const Orbit& orbit, int which) {
    const auto side = [&](int bit) { return which & bit ? orbit.reach : -orbit.reach; };
    return {orbit.pivot.x + side(1), orbit.pivot.y + side(2), orbit.pivot.z + side(4)};
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

void paintSpaceAxes(QPainter& painter, const ScatterFrame& frame, const std::vector<std::string>& names,
                    const QPalette& palette) {
    const auto pen = [&](double strength) {
        QColor color = palette.color(QPalette::Text);
        color.setAlphaF(static_cast<float>(strength));
        painter.setPen(QPen(color, 1));
    };
    painter.setRenderHint(QPainter::Antialiasing);
    pen(kBox);
    paintBox(painter, frame);
    const Orbit& orbit = frame.orbit;
    const QPointF middle = frame.screenFrom(orbit.pivot);
    const std::array<MapPlace, 3> ways = {{{orbit.reach, 0, 0}, {0, orbit.reach, 0}, {0, 0, orbit.reach}}};
    for (std::size_t axis = 0; axis < ways.size() && axis < names.size(); ++axis) {
        const MapPlace& way = ways[axis];
        const QPointF end = frame.screenFrom({orbit.pivot.x + way.x, orbit.pivot.y + way.y, orbit.pivot.z + way.z});
        pen(kAxis);
        painter.drawLine(middle, end);
        pen(kName);
        paintName(painter, end, middle, QString::fromStdString(names[axis]));
    }
    pen(kName);
    if (orbit.nearness == 0) paintScaleBar(painter, frame.camera);
}

}  // namespace embedscope
