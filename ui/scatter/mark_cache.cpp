#include "ui/scatter/mark_cache.h"

#include <algorithm>
#include <cmath>

namespace embedscope {
namespace {

constexpr std::size_t kMostMarks = 8192;  // bounds the memory: colours x shapes x positions

/// Distance of (x, y) to the edge of a shape of radius 1, negative inside; y downwards. As in gl_surface.cpp.
double edgeDistance(PointShape shape, double x, double y) {
    switch (shape) {
        case PointShape::Disc:
            return std::hypot(x, y) - 1;
        case PointShape::Square:
            return std::max(std::abs(x), std::abs(y)) - 0.86;
        case PointShape::Diamond:
            return (std::abs(x) + std::abs(y)) * 0.7071 - 0.82;
        case PointShape::Triangle:
            return std::max(0.866 * std::abs(x) - 0.5 * y, y) - 0.6;
    }
    return 0;
}

double coverAt(double edge) {
    return std::clamp(0.5 - edge, 0.0, 1.0);
}

/// Ink and halo of one pixel, each 0..1. The halo is a rim in the ground's colour: it keeps neighbours apart.
struct Cover {
    double ink = 0, halo = 0;
};

Cover coverOf(std::uint8_t style, double radius, double x, double y) {
    const double edge = edgeDistance(static_cast<PointShape>(style & 3), x / radius, y / radius) * radius;
    Cover cover{coverAt(edge), coverAt(edge - haloWidth(radius))};
    if (style & kHollowStyle) cover.ink -= coverAt(edge + ringWidth(radius));
    cover.halo -= cover.ink;
    return cover;
}

QRgb premultiplied(const Cover& cover, const DrawnPoint& point, QRgb ground, double opacity) {
    const bool hollow = point.style & kHollowStyle;
    const double ink = cover.ink * opacity, halo = cover.halo * (hollow ? kHollowFill : kHaloOpacity) * opacity;
    const auto channel = [&](int color, int below) {
        return static_cast<int>(std::lround(color * ink + below * halo));
    };
    return qRgba(channel(point.red, qRed(ground)), channel(point.green, qGreen(ground)),
                 channel(point.blue, qBlue(ground)), static_cast<int>(std::lround(255 * (ink + halo))));
}

Mark makeMark(const DrawnPoint& point, double radius, double opacity, QRgb ground, QPointF offset) {
    Mark mark;
    mark.side = 2 * static_cast<int>(std::ceil(radius + haloWidth(radius) + 0.5)) + 1;
    mark.rows.resize(static_cast<std::size_t>(mark.side));
    mark.pixels.resize(static_cast<std::size_t>(mark.side) * mark.side);
    const double centre = mark.side / 2;
    for (int y = 0; y < mark.side; ++y) {
        Mark::Row& row = mark.rows[static_cast<std::size_t>(y)];
        for (int x = 0; x < mark.side; ++x) {
            const Cover cover = coverOf(point.style, radius, x - centre - offset.x(), y - centre - offset.y());
            const QRgb pixel = premultiplied(cover, point, ground, opacity);
            mark.pixels[static_cast<std::size_t>(y) * mark.side + x] = pixel;
            if (qAlpha(pixel) == 0) continue;
            if (row.end == 0) row.first = static_cast<std::int16_t>(x);
            row.end = static_cast<std::int16_t>(x + 1);
        }
    }
    return mark;
}

}  // namespace

void MarkCache::setLooks(float radius, float opacity, QRgb ground) {
    if (radius == radius_ && opacity == opacity_ && ground == ground_) return;
    radius_ = radius;
    opacity_ = opacity;
    ground_ = ground;
    keys_.clear();
    marks_.clear();
}

const Mark& MarkCache::make(const DrawnPoint& point, int subX, int subY) {
    if (marks_.size() >= kMostMarks) {
        keys_.clear();
        marks_.clear();
    }
    const QPointF offset((subX + 0.5) / kSubPixels - 0.5, (subY + 0.5) / kSubPixels - 0.5);
    const std::uint32_t key = keyOf(point, subX, subY);
    slots_[slotOf(key)] = static_cast<std::uint32_t>(marks_.size());
    keys_.push_back(key);
    marks_.push_back(makeMark(point, radius_, opacity_, ground_, offset));
    return marks_.back();
}

}  // namespace embedscope
