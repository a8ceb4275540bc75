#pragma once

#include "ui/scatter/points.h"

#include <QImage>

namespace embedscope {

/// Draws all points on the CPU, antialiased, in their order, over what the image holds.
/// @param image Format_RGB32, already filled; its devicePixelRatio is honoured.
void rasterizePoints(QImage& image, const DrawnPoints& points, const ScatterFrame& frame);

}  // namespace embedscope
