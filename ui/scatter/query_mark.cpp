#include "ui/scatter/query_mark.h"

namespace embedscope {
namespace {

constexpr int kPicture = 64, kLift = 18, kFrame = 3, kArm = 9;  // logical pixels

}  // namespace

void paintQueryMark(QPainter& painter, QPointF screen, const QImage& picture, const QPalette& palette) {
    const QColor accent = palette.color(QPalette::Highlight);
    const QSizeF size = QSizeF(picture.size()).scaled(kPicture, kPicture, Qt::KeepAspectRatio);
    const QRectF card(screen - QPointF(size.width() / 2, size.height() + kLift), size);
    painter.setPen(QPen(accent, 2));
    painter.drawLine(QPointF(screen.x(), card.bottom() + kFrame), screen);
    for (const QPointF& arm : {QPointF(kArm, kArm), QPointF(kArm, -kArm)})
        painter.drawLine(screen - arm / 2, screen + arm / 2);
    painter.fillRect(card.adjusted(-kFrame, -kFrame, kFrame, kFrame), accent);
    painter.setRenderHint(QPainter::SmoothPixmapTransform, picture.width() >= kPicture);
    painter.drawImage(card, picture);
}

}  // namespace embedscope
