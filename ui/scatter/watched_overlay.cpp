#include "ui/scatter/watched_overlay.h"

#include "ui/colors.h"

#include <QFontMetricsF>
#include <QLineF>
#include <QPainter>
#include <QPalette>

#include <algorithm>
#include <cmath>

namespace embedscope {
namespace {

constexpr double kPicture = 44, kFrame = 3, kAway = 40;  // logical pixels

QPointF middleOf(const std::vector<WatchedMark>& marks) {
    QPointF sum;
    for (const WatchedMark& mark : marks) sum += mark.point;
    return sum / static_cast<double>(marks.size());
}

/// The centre of a mark's picture: beside its point, away from the others.
QPointF pictureCentre(const WatchedMark& mark, QPointF middle) {
    const QPointF out = mark.point - middle;
    const double length = std::hypot(out.x(), out.y());
    return mark.point + (length > 1 ? out / length : QPointF(0, -1)) * kAway;
}

QRectF pictureFrame(QPointF centre) {
    QRectF frame(0, 0, kPicture + 2 * kFrame, kPicture + 2 * kFrame);
    frame.moveCenter(centre);
    return frame;
}

void paintLine(QPainter& painter, const WatchedMark& a, const WatchedMark& b, const QPalette& palette) {
    const bool similar = a.label >= 0 && a.label == b.label;
    const QLineF line(a.point, b.point);
    painter.setPen(QPen(palette.color(QPalette::Base), 5));
    painter.drawLine(line);
    painter.setPen(QPen(palette.color(QPalette::Text), 2, similar ? Qt::SolidLine : Qt::DashLine));
    painter.drawLine(line);
}

/// On the line, as near to its middle as what stands there already allows.
QRectF placedOn(const QLineF& line, QRectF box, const std::vector<QRectF>& taken) {
    constexpr double kPlaces[] = {0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.18, 0.82};
    for (const double place : kPlaces) {
        box.moveCenter(line.pointAt(place));
        if (std::ranges::none_of(taken, [&box](const QRectF& each) { return each.intersects(box); })) return box;
    }
    box.moveCenter(line.center());
    return box;
}

/// @param taken Where something stands that it must not cover; its own place is added.
void paintDistance(QPainter& painter, const QLineF& line, double distance, const QPalette& palette,
                   std::vector<QRectF>& taken) {
    if (std::isnan(distance)) return;
    const QString text = QString::number(distance, 'f', 2);
    const QRectF box = placedOn(line, QFontMetricsF(painter.font()).boundingRect(text).adjusted(-5, -2, 5, 2), taken);
    taken.push_back(box);
    painter.setPen(QPen(palette.color(QPalette::Text), 1));
    painter.setBrush(palette.color(QPalette::Base));
    painter.drawRoundedRect(box, 4, 4);
    painter.drawText(box, Qt::AlignCenter, text);
}

void paintPicture(QPainter& painter, const WatchedMark& mark, QPointF centre, const QPalette& palette) {
    painter.setPen(QPen(palette.color(QPalette::Text), 1));
    painter.drawLine(mark.point, centre);
    QRectF square(0, 0, kPicture, kPicture);
    square.moveCenter(centre);
    painter.fillRect(pictureFrame(centre), classColor(mark.label));
    QSizeF size = mark.picture.size();
    size.scale(square.size(), Qt::KeepAspectRatio);
    QRectF inside(QPointF(), size);
    inside.moveCenter(centre);
    painter.fillRect(square, palette.color(QPalette::Base));
    painter.drawImage(inside, mark.picture);
    const QRectF badge(square.left() - 8, square.top() - 8, 18, 18);
    painter.setPen(Qt::NoPen);
    painter.setBrush(palette.color(QPalette::Text));
    painter.drawEllipse(badge);
    painter.setPen(palette.color(QPalette::Base));
    painter.drawText(badge, Qt::AlignCenter, QString::number(mark.number));
}

}  // namespace

void paintWatched(QPainter& painter, const std::vector<WatchedMark>& marks, const std::vector<WatchedLine>& lines,
                  const QPalette& palette) {
    if (marks.empty()) return;
    painter.setRenderHints(QPainter::Antialiasing | QPainter::SmoothPixmapTransform);
    const QPointF middle = middleOf(marks);
    for (const WatchedLine& line : lines) paintLine(painter, marks[line.first], marks[line.second], palette);
    std::vector<QRectF> taken;
    for (const WatchedMark& mark : marks) {
        const QPointF centre = pictureCentre(mark, middle);
        paintPicture(painter, mark, centre, palette);
        taken.push_back(pictureFrame(centre));
    }
    for (const WatchedLine& line : lines)
        paintDistance(painter, {marks[line.first].point, marks[line.second].point}, line.distance, palette, taken);
}

}  // namespace embedscope
