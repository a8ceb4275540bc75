#include "ui/inspector/pixels.h"

#include <algorithm>
#include <cassert>

namespace embedscope {
namespace {

constexpr int kSmallSide = 64;

}  // namespace

QImage imageFromPixels(std::span<const std::uint8_t> pixels, const ImageShape& shape) {
    assert(pixels.size() == shape.bytes());
    const auto format = shape.channels == 1 ? QImage::Format_Grayscale8 : QImage::Format_RGB888;
    return QImage(pixels.data(), shape.width, shape.height, static_cast<qsizetype>(shape.width) * shape.channels,
                  format)
        .copy();
}

QImage fitted(const QImage& image, const QSize& space) {
    if (image.isNull() || space.isEmpty()) return {};
    const QSize size = image.size().scaled(space, Qt::KeepAspectRatio);
    const bool growsSmall = size.width() >= image.width() && std::max(image.width(), image.height()) <= kSmallSide;
    return image.scaled(size, Qt::IgnoreAspectRatio, growsSmall ? Qt::FastTransformation : Qt::SmoothTransformation);
}

}  // namespace embedscope
