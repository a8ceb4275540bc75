#include "ui/scatter/rasterize.h"

#include <algorithm>
#include <cmath>

namespace embedscope {
namespace {

/// Two channels at once: `below` times what `above` lets through, rounded, plus `above`. Never exceeds 255 a channel.
inline QRgb over(QRgb above, QRgb below) {
    const std::uint32_t through = 256 - (above >> 24) - (above >> 31);  // 0 for alpha 255
    const std::uint32_t redBlue = (((below & 0xff00ffU) * through + 0x800080U) >> 8) & 0xff00ffU;
    const std::uint32_t alphaGreen = (((below >> 8) & 0xff00ffU) * through + 0x800080U) & 0xff00ff00U;
    return above + (redBlue | alphaGreen);
}

/// Some lines of an image.
struct Canvas {
    QRgb* pixels;
    int stride, width, top, bottom;
};

/// @param left, top Of the mark on the canvas; may be outside.
inline void stamp(const Canvas& canvas, const Mark& mark, int left, int top) {
    const int fromY = std::max(0, canvas.top - top), toY = std::min(mark.side, canvas.bottom - top);
    for (int y = fromY; y < toY; ++y) {
        const Mark::Row row = mark.rows[static_cast<std::size_t>(y)];
        const QRgb* above = mark.pixels.data() + static_cast<std::ptrdiff_t>(y) * mark.side;
        QRgb* line = canvas.pixels + static_cast<std::ptrdiff_t>(top + y) * canvas.stride + left;
        const int end = std::min<int>(row.end, canvas.width - left);
        for (int x = std::max<int>(row.first, -left); x < end; ++x) line[x] = over(above[x], line[x]);
    }
}

}  // namespace

RasterTarget::RasterTarget(QImage& image)
    : pixels(reinterpret_cast<QRgb*>(image.bits())),
      stride(static_cast<int>(image.bytesPerLine() / 4)),
      width(image.width()),
      height(image.height()),
      devicePixelRatio(image.devicePixelRatio()) {}

void rasterizeLines(const RasterTarget& target, int first, int end, std::span<const DrawnPoint> points,
                    const ScatterFrame& frame, MarkCache& marks) {
    const double ratio = target.devicePixelRatio;
    marks.setLooks(static_cast<float>(frame.radius * ratio), frame.opacity, frame.ground);
    const Canvas canvas{target.pixels, target.stride, target.width, first, end};
    const double scale = frame.camera.pixelsPerUnit * ratio;
    const QPointF origin = frame.camera.screenFromWorld({0, 0}) * ratio;
    const double border = 2 * frame.radius * ratio + 4;
    const double right = canvas.width + border, top = first - border, bottom = end + border;
    for (const DrawnPoint& point : points) {
        const double y = origin.y() - scale * (point.fromY + (point.toY - point.fromY) * frame.glide);
        // So written that a NaN is left out too.
        if (!(y > top && y < bottom)) continue;
        const double x = origin.x() + scale * (point.fromX + (point.toX - point.fromX) * frame.glide);
        if (!(x > -border && x < right) || !isDrawn(point, frame)) continue;
        const int column = static_cast<int>(std::floor(x)), line = static_cast<int>(std::floor(y));
        const Mark& mark = marks.at(point, static_cast<int>((x - column) * MarkCache::kSubPixels),
                                    static_cast<int>((y - line) * MarkCache::kSubPixels));
        stamp(canvas, mark, column - mark.side / 2, line - mark.side / 2);
    }
}

void rasterizePoints(QImage& image, std::span<const DrawnPoint> points, const ScatterFrame& frame, MarkCache& marks) {
    const RasterTarget target(image);
    rasterizeLines(target, 0, target.height, points, frame, marks);
}

}  // namespace embedscope
