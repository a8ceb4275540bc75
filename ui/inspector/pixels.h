#pragma once

#include "engine/data_set.h"

#include <QImage>

#include <cstdint>
#include <span>

namespace embedscope {

/// A copy of row-major grey or RGB pixels. @param pixels shape.bytes() of them.
QImage imageFromPixels(std::span<const std::uint8_t> pixels, const ImageShape& shape);

/// Keeps the proportions. A small picture grows in hard-edged pixels, as the encoder sees it; all else is smooth.
QImage fitted(const QImage& image, const QSize& space);

}  // namespace embedscope
