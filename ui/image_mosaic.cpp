#include "ui/image_mosaic.h"

#include <QPainter>

namespace embedscope {
namespace {

constexpr int kTile = 56;
constexpr int kGap = 4;

QImage imageOf(const Image& image) {
    const auto format = image.shape.channels == 1 ? QImage::Format_Grayscale8 : QImage::Format_RGB888;
    return QImage(image.pixels.data(), image.shape.width, image.shape.height,
                  static_cast<qsizetype>(image.shape.width) * image.shape.channels, format)
        .copy();
}

}  // namespace

ImageMosaic::ImageMosaic(QWidget* parent) : QWidget(parent) {
    setObjectName("mosaic");
}

void ImageMosaic::setImages(const std::vector<std::shared_ptr<const Image>>& images) {
    if (images.size() == images_.size()) return;
    images_.clear();
    for (const auto& image : images) images_.push_back(imageOf(*image));
    update();
}

void ImageMosaic::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::SmoothPixmapTransform);
    const int columns = std::max(1, (width() + kGap) / (kTile + kGap));
    for (std::size_t i = 0; i < images_.size(); ++i) {
        const int column = static_cast<int>(i) % columns;
        const int row = static_cast<int>(i) / columns;
        painter.drawImage(QRect(column * (kTile + kGap), row * (kTile + kGap), kTile, kTile), images_[i]);
    }
}

}  // namespace embedscope
