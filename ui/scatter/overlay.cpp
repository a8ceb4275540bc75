#include "ui/scatter/overlay.h"

#include <QPainter>
#include <QPalette>

#include <cmath>

namespace embedscope {
namespace {

QColor faintOf(const QPalette& palette, double strength) {
    QColor color = palette.color(QPalette::Text);
    color.setAlphaF(strength);
    return color;
}

/// The longest of 1, 2 or 5 times a power of ten below `most`.
double roundLength(double most) {
    const double power = std::pow(10, std::floor(std::log10(most)));
    for (const double factor : {5.0, 2.0})
        if (factor * power <= most) return factor * power;
    return power;
}

void paintScaleBar(QPainter& painter, const Camera& camera) {
    const double length = roundLength(camera.viewport.width() / 5 / camera.pixelsPerUnit);
    const double pixels = length * camera.pixelsPerUnit;
    const QPointF right(camera.viewport.width() - 16, camera.viewport.height() - 16);
    painter.drawLine(right - QPointF(pixels, 0), right);
    for (const QPointF& end : {right, right - QPointF(pixels, 0)})
        painter.drawLine(end - QPointF(0, 3), end + QPointF(0, 3));
    painter.drawText(QRectF(right.x() - 120, right.y() - 24, 120, 18), Qt::AlignRight | Qt::AlignBottom,
                     QString::number(length));
}

}  // namespace

void paintAxes(QPainter& painter, const Camera& camera, const std::vector<std::string>& names,
               const QPalette& palette) {
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.setPen(QPen(faintOf(palette, 0.12), 1));
    const QPointF origin = camera.screenFromWorld({0, 0});
    painter.drawLine(QPointF(0, origin.y()), QPointF(camera.viewport.width(), origin.y()));
    painter.drawLine(QPointF(origin.x(), 0), QPointF(origin.x(), camera.viewport.height()));

    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(faintOf(palette, 0.6));
    paintScaleBar(painter, camera);
    if (names.size() < 2) return;
    const QString across = QString::fromStdString(names[0]) + "  →";
    const QString upwards = QString::fromStdString(names[1]) + "  →";
    painter.drawText(QRectF(14, camera.viewport.height() - 30, 300, 18), Qt::AlignLeft | Qt::AlignVCenter, across);
    painter.save();
    painter.translate(6, camera.viewport.height() - 40);
    painter.rotate(-90);
    painter.drawText(QRectF(0, 0, 300, 18), Qt::AlignLeft | Qt::AlignVCenter, upwards);
    painter.restore();
}

void paintSphere(QPainter& painter, const Camera& camera, double radius, const QPalette& palette) {
    if (!(radius > 0)) return;
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(faintOf(palette, 0.3), 1));
    painter.drawEllipse(camera.screenFromWorld({0, 0}), radius * camera.pixelsPerUnit, radius * camera.pixelsPerUnit);
}

void paintRing(QPainter& painter, QPointF screen, double radius, const QColor& color) {
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(color, 2));
    painter.drawEllipse(screen, radius, radius);
}

void paintEmpty(QPainter& painter, const QSizeF& size, const QString& sentence, const QPalette& palette) {
    painter.setPen(faintOf(palette, 0.55));
    painter.drawText(QRectF(QPointF(), size), Qt::AlignCenter, sentence);
}

void paintMark(QPainter& painter, QPointF centre, double radius, int label, bool hollow) {
    painter.setRenderHint(QPainter::Antialiasing);
    const QColor color = classColor(label);
    painter.setPen(hollow ? QPen(color, std::max(1.0, radius * 0.4)) : QPen(Qt::NoPen));
    painter.setBrush(hollow ? QBrush(Qt::NoBrush) : QBrush(color));
    const double r = hollow ? radius * 0.8 : radius;
    const auto at = [&](double x, double y) { return centre + QPointF(x, y) * r; };
    switch (classShape(label)) {
        case PointShape::Disc:
            painter.drawEllipse(centre, r, r);
            return;
        case PointShape::Square:
            painter.drawRect(QRectF(at(-0.86, -0.86), at(0.86, 0.86)));
            return;
        case PointShape::Triangle:
            painter.drawPolygon(QPolygonF({at(0, -1.2), at(1.04, 0.6), at(-1.04, 0.6)}));
            return;
        case PointShape::Diamond:
            painter.drawPolygon(QPolygonF({at(0, -1.16), at(1.16, 0), at(0, 1.16), at(-1.16, 0)}));
            return;
    }
}

void paintLegend(QPainter& painter, const QRectF& room, const DataSet& data, const QPalette& palette) {
    constexpr double kLine = 20;
    const int fits = static_cast<int>(room.height() / kLine);
    const int classes = static_cast<int>(data.classNames.size());
    for (int label = 0; label < std::min(classes, fits); ++label) {
        const double y = room.top() + kLine * (label + 0.5);
        const bool cut = label == fits - 1 && classes > fits;
        if (!cut) paintMark(painter, {room.left() + 6, y}, 5, label, false);
        painter.setPen(palette.color(QPalette::Text));
        const QString text = cut ? QString("… %1 more").arg(classes - fits + 1)
                                 : QString::fromStdString(data.classNames[static_cast<std::size_t>(label)]);
        painter.drawText(QRectF(room.left() + 18, y - kLine / 2, room.width() - 18, kLine),
                         Qt::AlignLeft | Qt::AlignVCenter, text);
    }
}

}  // namespace embedscope
