#include "ui/scatter/watched_overlay.h"

#include "ui/colors.h"

#include <QFontMetricsF>
#include <QLineF>
#include <QPainter>
#include <QPalette>

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

void paintLine(QPainter& painter, const WatchedMark& a, const WatchedMark& b, double distance,
               const QPalette& palette) {
    const bool similar = a.label >= 0 && a.label == b.label;
    const QLineF line(a.point, b.point);
    painter.setPen(QPen(palette.color(QPalette::Base), 5));
    painter.drawLine(line);
    painter.setPen(QPen(palette.color(QPalette::Text), 2, similar ? Qt::SolidLine : Qt::DashLine));
    painter.drawLine(line);
    if (std::isnan(distance)) return;
    const QString text = QString::number(distance, 'f', 2);
    QRectF box = QFontMetricsF(painter.font()).boundingRect(text).adjusted(-5, -2, 5, 2);
    box.moveCenter(line.center());
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
    painter.fillRect(square.adjusted(-kFrame, -kFrame, kFrame, kFrame), classColor(mark.label));
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
    for (const WatchedMark& mark : marks) paintPicture(painter, mark, pictureCentre(mark, middle), palette);
    for (const WatchedLine& line : lines)
        paintLine(painter, marks[line.first], marks[line.second], line.distance, palette);
}

}  // namespace embedscope
