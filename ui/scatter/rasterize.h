#pragma once

#include "ui/scatter/mark_cache.h"
#include "ui/scatter/points.h"

#include <QImage>

namespace embedscope {

/// Draws all points on the CPU, antialiased, in their order, over what the image holds.
/// @param image Format_RGB32, already filled; its devicePixelRatio is honoured.
/// @param marks Kept by the caller from frame to frame: most frames then need no new ones.
void rasterizePoints(QImage& image, const DrawnPoints& points, const ScatterFrame& frame, MarkCache& marks);

}  // namespace embedscope
