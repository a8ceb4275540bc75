#include "ui/inspector/picture_view.h"

#include "ui/inspector/pixels.h"

#include <QPainter>

namespace embedscope {

PictureView::PictureView(QWidget* parent) : QWidget(parent) {
    setMinimumSize(96, 96);
}

void PictureView::setImage(const QImage& image) {
    image_ = image;
    scale();
    update();
}

void PictureView::scale() {
    scaled_ = fitted(image_, size() * devicePixelRatioF());
    scaled_.setDevicePixelRatio(devicePixelRatioF());
}

void PictureView::resizeEvent(QResizeEvent*) {
    scale();
}

void PictureView::paintEvent(QPaintEvent*) {
    if (scaled_.isNull()) return;
    const QSizeF size = scaled_.deviceIndependentSize();
    QPainter painter(this);
    painter.drawImage(QPointF((width() - size.width()) / 2, 0), scaled_);
}

}  // namespace embedscope
