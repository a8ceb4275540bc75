#include "ui/scatter/thumbnail.h"

namespace embedscope {

QImage thumbnailOf(const DataSet& data, std::size_t sample) {
    const ImageShape& shape = data.shape;
    const auto format = shape.channels == 1 ? QImage::Format_Grayscale8 : QImage::Format_RGB888;
    return QImage(data.image(sample).data(), shape.width, shape.height,
                  static_cast<qsizetype>(shape.width) * shape.channels, format)
        .copy();
}

}  // namespace embedscope
