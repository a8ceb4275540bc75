#include "ui/scatter/mark_cache.h"

#include <QRect>

#include <algorithm>
#include <cmath>

namespace embedscope {
namespace {

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

/// What a pixel of this coverage lets through, of 256.
std::uint16_t passedBy(QRgb pixel) {
    return static_cast<std::uint16_t>(256 - (pixel >> 24) - (pixel >> 31));  // 0 for alpha 255
}

/// Square, with empty lines and columns around the ink.
struct Sketch {
    int side = 0;
    std::vector<QRgb> pixels;

    bool hasInk(int x, int y) const { return qAlpha(pixels[static_cast<std::size_t>(y) * side + x]) != 0; }
};

Sketch sketch(const DrawnPoint& point, double radius, double opacity, QRgb ground, QPointF offset) {
    const int reach = MarkCache::reachOf(radius);
    Sketch sketch{2 * reach + 1, {}};
    for (int y = -reach; y <= reach; ++y)
        for (int x = -reach; x <= reach; ++x)
            sketch.pixels.push_back(
                premultiplied(coverOf(point.style, radius, x - offset.x(), y - offset.y()), point, ground, opacity));
    return sketch;
}

/// Columns and lines that hold ink; one pixel if none does.
QRect inkOf(const Sketch& sketch) {
    QRect ink;
    for (int y = 0; y < sketch.side; ++y)
        for (int x = 0; x < sketch.side; ++x)
            if (sketch.hasInk(x, y)) ink |= QRect(x, y, 1, 1);
    return ink.isEmpty() ? QRect(0, 0, 1, 1) : ink;
}

/// Four pixels from (x, y) on; those beyond the ink are empty.
Mark::Group groupAt(const Sketch& sketch, const QRect& ink, int x, int y) {
    Mark::Group group{};
    for (int i = 0; i < Mark::kGroup; ++i) {
        const QRgb pixel = x + i <= ink.right() ? sketch.pixels[static_cast<std::size_t>(y) * sketch.side + x + i] : 0;
        group.ink[i] = pixel;
        std::fill_n(group.through + 4 * i, 4, passedBy(pixel));
    }
    return group;
}

}  // namespace

int MarkCache::reachOf(double radius) {
    return static_cast<int>(std::ceil(radius + haloWidth(radius) + 0.5));
}

void MarkCache::setLooks(float radius, float opacity, QRgb ground) {
    const bool same = radius == radius_ && opacity == opacity_ && ground == ground_;
    if (same && marks_.size() < kMostMarks) return;
    radius_ = radius;
    opacity_ = opacity;
    ground_ = ground;
    forget();
}

void MarkCache::forget() {
    marks_.clear();
    keys_.clear();
    groups_.clear();
    setSlots(kLeastBits);
}

void MarkCache::setSlots(int bits) {
    shift_ = 32 - bits;
    slots_.assign(std::size_t{1} << bits, Slot());
}

void MarkCache::putIn(std::uint32_t key, std::uint32_t next) {
    std::size_t slot = key * 2654435769U >> shift_;
    while (slots_[slot].next != 0) slot = (slot + 1) & (slots_.size() - 1);
    slots_[slot] = {key, next};
}

std::uint32_t MarkCache::make(std::uint32_t key) {
    DrawnPoint point;
    point.red = static_cast<std::uint8_t>(key >> 23);
    point.green = static_cast<std::uint8_t>(key >> 15);
    point.blue = static_cast<std::uint8_t>(key >> 7);
    point.style = key >> 4 & 7;
    const std::uint32_t subX = key % kSubPixels, subY = key / kSubPixels % kSubPixels;
    const QPointF offset((subX + 0.5) / kSubPixels - 0.5, (subY + 0.5) / kSubPixels - 0.5);
    const Sketch drawn = sketch(point, radius_, opacity_, ground_, offset);
    const QRect ink = inkOf(drawn);
    Mark mark;
    mark.left = static_cast<std::int16_t>(ink.left() - drawn.side / 2);
    mark.top = static_cast<std::int16_t>(ink.top() - drawn.side / 2);
    mark.groups = static_cast<std::int16_t>((ink.width() + Mark::kGroup - 1) / Mark::kGroup);
    mark.lines = static_cast<std::int16_t>(ink.height());
    mark.first = static_cast<std::uint32_t>(groups_.size());
    for (int y = ink.top(); y <= ink.bottom(); ++y)
        for (int group = 0; group < mark.groups; ++group)
            groups_.push_back(groupAt(drawn, ink, ink.left() + group * Mark::kGroup, y));
    marks_.push_back(mark);
    keys_.push_back(key);
    const auto count = static_cast<std::uint32_t>(marks_.size());
    if (2 * marks_.size() > slots_.size()) {
        setSlots(33 - shift_);
        for (std::uint32_t i = 0; i + 1 < count; ++i) putIn(keys_[i], i + 1);
    }
    putIn(key, count);
    return count - 1;
}

}  // namespace embedscope
