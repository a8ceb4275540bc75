#pragma once

#include "ui/scatter/mark_cache.h"
#include "ui/scatter/points.h"

#include <QImage>

#include <span>

namespace embedscope {

/// The pixels of an image, for several threads at once.
struct RasterTarget {
    /// @param image Format_RGB32; detached here, so that no thread has to.
    explicit RasterTarget(QImage& image);
    QRgb* pixels;
    int stride, width, height;  ///< Device pixels; the stride too.
    double devicePixelRatio;
};

/// What rasterizePoints() draws on some lines: of [first, end), and on no other.
/// @param marks Of the calling thread alone.
void rasterizeLines(const RasterTarget& target, int first, int end, std::span<const DrawnPoint> points,
                    const ScatterFrame& frame, MarkCache& marks);

/// Draws all points on the CPU, antialiased, in their order, over what the image holds.
/// @param image Format_RGB32, already filled; its devicePixelRatio is honoured.
/// @param marks Kept by the caller from frame to frame: most frames then need no new ones.
void rasterizePoints(QImage& image, std::span<const DrawnPoint> points, const ScatterFrame& frame, MarkCache& marks);

}  // namespace embedscope
