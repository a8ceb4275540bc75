#pragma once

#include "ui/scatter/mark_cache.h"
#include "ui/scatter/points.h"

#include <QImage>

#include <cstdint>
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

/// Where points of one look are on an image.
class PixelLens {
public:
    PixelLens(const RasterTarget& target, const ScatterFrame& frame);

    /// The pixel that holds a point, and what its mark looks like.
    struct Place {
        int column, line;
        std::uint32_t key;  ///< Of MarkCache.
    };
    /// @return whether the point may leave ink on the image; only then `place` is set.
    bool find(const DrawnPoint& point, Place& place) const {
        if ((point.style & (kHiddenStyle | kDimmedStyle)) != only_) return false;
        const double x = originX_ + scale_ * (point.fromX + (point.toX - point.fromX) * glide_);
        const double y = originY_ - scale_ * (point.fromY + (point.toY - point.fromY) * glide_);
        // So written that a NaN is left out too.
        if (!(x > 0 && x < right_ && y > 0 && y < bottom_)) return false;
        const auto finesX = static_cast<unsigned>(static_cast<int>(x)),
                   finesY = static_cast<unsigned>(static_cast<int>(y));
        place = {static_cast<int>(finesX / kFines) - reach_, static_cast<int>(finesY / kFines) - reach_,
                 MarkCache::keyOf(point, finesX % kFines, finesY % kFines)};
        return true;
    }
    /// Of a mark, in device pixels.
    float radius() const { return radius_; }
    /// How far a mark reaches beyond its point's pixel.
    int reach() const { return reach_; }

private:
    static constexpr unsigned kFines =
        MarkCache::kSubPixels;  // positions are counted in these, so that none is negative

    float radius_;
    int reach_;
    double scale_, originX_, originY_, right_, bottom_;
    float glide_;
    std::uint8_t only_;
};

/// Draws all points on the CPU, antialiased, in their order, over what the image holds.
/// @param image Format_RGB32, already filled; its devicePixelRatio is honoured.
/// @param marks Kept by the caller from frame to frame: most frames then need no new ones.
void rasterizePoints(QImage& image, std::span<const DrawnPoint> points, const ScatterFrame& frame, MarkCache& marks);

}  // namespace embedscope
