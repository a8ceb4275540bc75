#pragma once

#include "engine/data_set.h"
#include "engine/projection.h"
#include "ui/colors.h"
#include "ui/scatter/camera.h"
#include "ui/scatter/map_place.h"
#include "ui/scatter/orbit.h"

#include <QRectF>
#include <QRgb>

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

namespace embedscope {

/// One drawn point as both renderers take it.
struct DrawnPoint {
    float fromX = 0, fromY = 0;  ///< Where the glide starts.
    float toX = 0, toY = 0;      ///< Where it ends: what the layout holds.
    std::uint8_t red = 0, green = 0, blue = 0;
    std::uint8_t style = 0;  ///< Bits 0-1 PointShape; the flags below.
};

inline constexpr std::uint8_t kHollowStyle = 4;  ///< Held out: drawn as a ring.
inline constexpr std::uint8_t kHiddenStyle = 8;
inline constexpr std::uint8_t kDimmedStyle = 16;  ///< Not in the selection: pale, below the others.

// The looks of a mark, the same on both surfaces. Widths in device pixels.
inline constexpr double kHaloOpacity = 0.55;  ///< Of the rim around a mark, in the ground's colour.
inline constexpr double kHollowFill = 0.75;   ///< Of the inside of a ring, in the ground's colour.
inline double haloWidth(double radius) {
    return std::clamp(radius * 0.25, 0.0, 1.0);
}
inline double ringWidth(double radius) {
    return std::max(1.0, radius * 0.4);
}

/// What the view draws, in the layout's order.
using DrawnPoints = std::vector<DrawnPoint>;

/// The third coordinate at both ends of the glide.
struct PointDepth {
    float from = 0, to = 0;
};

/// As many as points, or none: the points lie in a plane.
using PointDepths = std::vector<PointDepth>;

/// How the points are drawn this frame.
struct ScatterFrame {
    Camera camera;
    Orbit orbit;       ///< How points in space are turned; as it stands for those in a plane.
    float glide = 1;   ///< 0: all at `from`, 1: all at `to`.
    float radius = 3;  ///< Logical pixels.
    float opacity = 0.85F;
    QRgb ground = 0xffffffff;
    std::uint8_t only = 0;  ///< Draws the points whose hidden and dimmed flags are these.
    bool dims = false;      ///< Some points are dimmed.

    /// Logical pixels of the view.
    QPointF screenFrom(const MapPlace& place) const {
        const OrbitLens::Seen seen = OrbitLens(orbit).see(place);
        return camera.screenFromWorld({seen.x, seen.y});
    }
};

/// The frames to draw one over the other: the dimmed points first, if there are any.
std::vector<ScatterFrame> passesOf(const ScatterFrame& frame);
inline bool isDrawn(const DrawnPoint& point, const ScatterFrame& frame) {
    return (point.style & (kHiddenStyle | kDimmedStyle)) == frame.only;
}

/// Points of a layout; colours by class, held-out samples hollow. Both ends of the glide are the layout's.
DrawnPoints pointsOf(const Layout& layout, const DataSet& data);
/// Its third coordinates; none if it is a plane.
PointDepths depthsOf(const Layout& layout);

/// Mixes the ground into the colour of points whose neighbours on the map are not their neighbours in truth; points
/// that were not asked stay.
void paleByTrust(DrawnPoints& points, const Layout& layout, QRgb ground);

/// Where a point is at this moment of the glide.
inline QPointF positionOf(const DrawnPoint& point, float glide) {
    return {point.fromX + (point.toX - point.fromX) * glide, point.fromY + (point.toY - point.fromY) * glide};
}

/// So many points, evenly taken, are enough to tell the extent of more.
inline constexpr std::size_t kAskedForExtent = 100'000;

/// The box around all points but the outermost hundredth on each side, so that one stray point does not shrink the
/// rest.
QRectF extentOf(std::span<const DrawnPoint> points);

/// Smaller and more transparent where there are many.
void setDensity(ScatterFrame& frame, std::size_t count);

}  // namespace embedscope
