#include "ui/inspector/neighbor_button.h"

#include "ui/charts/chart_theme.h"
#include "ui/inspector/pixels.h"

#include <QPainter>

namespace embedscope {
namespace {

constexpr int kFrame = 3;
constexpr int kPicture = NeighborButton::kWidth - 2 * kFrame - 2;

QString markOf(Kinship kinship) {
    switch (kinship) {
        case Kinship::Same:
            return "✓ ";
        case Kinship::Other:
            return "✗ ";
        case Kinship::Unknown:
            return "";
    }
    return "";
}

}  // namespace

NeighborButton::NeighborButton(QWidget* parent) : QAbstractButton(parent) {
    setFixedSize(kWidth, kHeight);
    setCursor(Qt::PointingHandCursor);
    setFocusPolicy(Qt::StrongFocus);
}

void NeighborButton::setNeighbor(const QImage& picture, Kinship kinship, float distance) {
    const qreal ratio = devicePixelRatioF();
    picture_ = fitted(picture, QSize(kPicture, kPicture) * ratio);
    picture_.setDevicePixelRatio(ratio);
    kinship_ = kinship;
    setText(markOf(kinship) + shortNumber(distance));
    update();
}

QColor NeighborButton::frameColor() const {
    const ChartTheme theme = chartTheme(*this);
    switch (kinship_) {
        case Kinship::Same:
            return theme.similar;
        case Kinship::Other:
            return theme.dissimilar;
        case Kinship::Unknown:
            return theme.faint;
    }
    return theme.faint;
}

void NeighborButton::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    const ChartTheme theme = chartTheme(*this);
    const QRect square(0, 0, kWidth, kWidth);
    // Dashed against solid: the frame speaks without its colour too.
    painter.setPen(QPen(frameColor(), kFrame, kinship_ == Kinship::Other ? Qt::DashLine : Qt::SolidLine, Qt::FlatCap,
                        Qt::MiterJoin));
    painter.drawRect(QRectF(square).adjusted(1.5, 1.5, -1.5, -1.5));
    const QSizeF size = picture_.deviceIndependentSize();
    painter.drawImage(QPointF((kWidth - size.width()) / 2, (kWidth - size.height()) / 2), picture_);
    if (hasFocus() || underMouse()) {
        painter.setPen(QPen(theme.ink, 1));
        painter.drawRect(QRectF(square).adjusted(kFrame + 0.5, kFrame + 0.5, -kFrame - 0.5, -kFrame - 0.5));
    }
    painter.setPen(frameColor());
    painter.setFont(theme.small);
    painter.drawText(QRect(0, kWidth, kWidth, kHeight - kWidth), Qt::AlignCenter, text());
}

void NeighborButton::enterEvent(QEnterEvent* event) {
    QAbstractButton::enterEvent(event);
    update();
}

void NeighborButton::leaveEvent(QEvent* event) {
    QAbstractButton::leaveEvent(event);
    update();
}

}  // namespace embedscope
