#pragma once

#include <QColor>

namespace embedscope {

/// From dark violet over teal to yellow: matplotlib's "viridis" up to 0.95, where it can still be seen on white. Its
/// lightness rises evenly, so it reads with every kind of colour vision and in grey.
/// @param share 0..1; beyond is cut off. In steps of 1/63, so that the raster surface needs few marks.
QColor scaleColor(double share);

/// Where a number is not known.
QColor unknownColor();

}  // namespace embedscope
