#include "ui/scatter/rasterize.h"

#include <algorithm>

namespace embedscope {
namespace {

/// Two channels at once: `below` times what `above` lets through, rounded, plus `above`. Never exceeds 255 a channel.
inline QRgb over(QRgb above, QRgb below) {
    const std::uint32_t through = 256 - (above >> 24) - (above >> 31);  // 0 for alpha 255
    const std::uint32_t redBlue = (((below & 0xff00ffU) * through + 0x800080U) >> 8) & 0xff00ffU;
    const std::uint32_t alphaGreen = (((below >> 8) & 0xff00ffU) * through + 0x800080U) & 0xff00ff00U;
    return above + (redBlue | alphaGreen);
}

/// Pixel by pixel, at the edges of an image too.
void stampClipped(const RasterTarget& target, int left, int top, const Mark& mark, const MarkCache& marks) {
    const int fromY = std::max(0, -top), toY = std::min<int>(mark.lines, target.height - top);
    const int fromX = std::max(0, -left), toX = std::min(mark.groups * Mark::kGroup, target.width - left);
    for (int y = fromY; y < toY; ++y) {
        const Mark::Group* groups = marks.groupsOf(mark) + static_cast<std::ptrdiff_t>(y) * mark.groups;
        QRgb* line = target.pixels + static_cast<std::ptrdiff_t>(top + y) * target.stride + left;
        for (int x = fromX; x < toX; ++x) line[x] = over(groups[x / Mark::kGroup].ink[x % Mark::kGroup], line[x]);
    }
}

}  // namespace

RasterTarget::RasterTarget(QImage& image)
    : pixels(reinterpret_cast<QRgb*>(image.bits())),
      stride(static_cast<int>(image.bytesPerLine() / 4)),
      width(image.width()),
      height(image.height()),
      devicePixelRatio(image.devicePixelRatio()) {}

PixelLens::PixelLens(const RasterTarget& target, const ScatterFrame& frame)
    : radius_(static_cast<float>(frame.radius * target.devicePixelRatio)),
      reach_(MarkCache::reachOf(radius_)),
      scale_(frame.camera.pixelsPerUnit * target.devicePixelRatio * kFines),
      right_((target.width + 2 * reach_) * kFines),
      bottom_((target.height + 2 * reach_) * kFines),
      glide_(frame.glide),
      only_(frame.only) {
    const QPointF origin = frame.camera.screenFromWorld({0, 0}) * target.devicePixelRatio;
    originX_ = (origin.x() + reach_) * kFines;
    originY_ = (origin.y() + reach_) * kFines;
}

void rasterizePoints(QImage& image, std::span<const DrawnPoint> points, const ScatterFrame& frame, MarkCache& marks) {
    const RasterTarget target(image);
    const PixelLens lens(target, frame);
    marks.setLooks(lens.radius(), frame.opacity, frame.ground);
    PixelLens::Place place{};
    for (const DrawnPoint& point : points) {
        if (!lens.find(point, place)) continue;
        if (marks.count() >= MarkCache::kMostMarks) marks.forget();
        const Mark& mark = marks.mark(marks.indexOf(place.key));
        stampClipped(target, place.column + mark.left, place.line + mark.top, mark, marks);
    }
}

}  // namespace embedscope
