#pragma once

#include "ui/scatter/map_place.h"

#include <QPointF>

#include <algorithm>
#include <vector>

namespace embedscope {

/// How far points in space are turned. Radians; 0 and 0: the first two axes as in a plane.
struct SpaceTurn {
    float yaw = 0, pitch = 0;
    bool operator==(const SpaceTurn&) const = default;
};

/// From where points in space are looked at. A value.
///
/// The points are turned around the pivot and drawn on the plane through it, at right angles to the line of sight; the
/// Camera then moves and scales that plane. So what works on the plane (lasso, brush, rings, zoom at the cursor) works
/// on points in space too, zooming never leads through a point, and panning needs no new order of the points.
/// As it stands it shows the first two coordinates as they are.
struct Orbit {
    float yaw = 0, pitch = 0;  ///< Radians; what lies in front moves right, and then down.
    float nearness = 0;        ///< Reach by the distance of the eye from the pivot; 0: infinitely far.
    MapPlace pivot;
    float reach = 1;  ///< Of nearly all points from the pivot.
    bool operator==(const Orbit&) const = default;

    /// As if the hand moved what lies in front. @param way Logical pixels.
    void turnBy(QPointF way);
};

inline constexpr float kPerspective = 1.0F / 3;  ///< Nearness: the eye is three reaches away.

Orbit mixed(const Orbit& from, const Orbit& to, float share);

/// An orbit, made ready for many points.
class OrbitLens {
public:
    explicit OrbitLens(const Orbit& orbit);

    struct Seen {
        float x = 0, y = 0;  ///< On the plane through the pivot.
        float depth = 0;     ///< In reaches, larger is nearer.
    };
    Seen see(float x, float y, float z) const {
        x -= pivot_.x;
        y -= pivot_.y;
        z -= pivot_.z;
        const float across = cosYaw_ * x + sinYaw_ * z, inwards = cosYaw_ * z - sinYaw_ * x;
        const float upwards = cosPitch_ * y - sinPitch_ * inwards;
        const float depth = (sinPitch_ * y + cosPitch_ * inwards) * perReach_;
        const float size = 1 / std::max(kLeastDistance, 1 - nearness_ * depth);
        return {pivot_.x + across * size, pivot_.y + upwards * size, depth};
    }
    Seen see(const MapPlace& place) const { return see(place.x, place.y, place.z); }

    /// Of the way to the eye: a stray point behind the eye must not be drawn upside down.
    static constexpr float kLeastDistance = 0.1F;

private:
    MapPlace pivot_;
    float cosYaw_, sinYaw_, cosPitch_, sinPitch_, nearness_, perReach_;
};

/// Depths in so many levels: near points are larger and more opaque, the same on both surfaces.
inline constexpr int kDepthLevels = 8;
inline int depthLevel(float depth) {
    if (!(depth > -1)) return 0;  // or no number
    return depth >= 1 ? kDepthLevels - 1 : static_cast<int>((depth + 1) * (kDepthLevels / 2));
}

inline constexpr float kFarthestOpacity = 0.45F;
inline constexpr float kLeastReach = 1e-6F;

struct DepthLooks {
    float size = 1, opacity = 1;  ///< Factors.
};
DepthLooks depthLooks(int level, float nearness);

/// The middle of the points and how far nearly all of them are from it; the outermost hundredth is left out.
struct SpaceExtent {
    MapPlace middle;
    float reach = 1;
    bool operator==(const SpaceExtent&) const = default;
};
SpaceExtent spaceExtentOf(const std::vector<MapPlace>& places);
/// One that holds all of them. @param extents At least one.
SpaceExtent united(const std::vector<SpaceExtent>& extents);
/// Whether the eye would hardly tell them apart.
bool isNear(const SpaceExtent& one, const SpaceExtent& other);

/// How much larger than its reach a ball looks in perspective: its silhouette is nearer than its middle.
float silhouette(float nearness);

}  // namespace embedscope
