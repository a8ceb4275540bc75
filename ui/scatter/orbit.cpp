#include "ui/scatter/orbit.h"

#include <cmath>
#include <numbers>

namespace embedscope {
namespace {

constexpr float kTurnPerPixel = std::numbers::pi_v<float> / 500;
constexpr float kUpright = std::numbers::pi_v<float> / 2;  // beyond it the picture would stand on its head
constexpr double kInside = 0.99;

/// The given share of the way through the sorted values.
float quantile(std::vector<float>& values, double share) {
    const auto place = values.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
    std::nth_element(values.begin(), place, values.end());
    return *place;
}

float distanceBetween(const MapPlace& a, const MapPlace& b) {
    return std::hypot(a.x - b.x, a.y - b.y, a.z - b.z);
}

float middleOf(const std::vector<MapPlace>& places, float MapPlace::*axis, std::vector<float>& values) {
    values.clear();
    for (const MapPlace& place : places) values.push_back(place.*axis);
    const float low = quantile(values, 1 - kInside);
    return (low + quantile(values, kInside)) / 2;
}

}  // namespace

void Orbit::turnBy(QPointF way) {
    yaw += kTurnPerPixel * static_cast<float>(way.x());
    yaw = std::remainder(yaw, 2 * std::numbers::pi_v<float>);
    pitch = std::clamp(pitch + kTurnPerPixel * static_cast<float>(way.y()), -kUpright, kUpright);
}

Orbit mixed(const Orbit& from, const Orbit& to, float share) {
    if (share >= 1) return to;
    const auto mix = [share](float a, float b) { return a + (b - a) * share; };
    // The shorter way round.
    const float around = std::remainder(to.yaw - from.yaw, 2 * std::numbers::pi_v<float>);
    return {from.yaw + around * share, mix(from.pitch, to.pitch), mix(from.nearness, to.nearness),
            mixed(from.pivot, to.pivot, share), mix(from.reach, to.reach)};
}

OrbitLens::OrbitLens(const Orbit& orbit)
    : pivot_(orbit.pivot),
      cosYaw_(std::cos(orbit.yaw)),
      sinYaw_(std::sin(orbit.yaw)),
      cosPitch_(std::cos(orbit.pitch)),
      sinPitch_(std::sin(orbit.pitch)),
      nearness_(orbit.nearness),
      perReach_(1 / std::max(orbit.reach, kLeastReach)) {}

DepthLooks depthLooks(int level, float nearness) {
    const float share = (static_cast<float>(level) + 0.5F) / kDepthLevels;
    return {1 / (1 - nearness * (2 * share - 1)), kFarthestOpacity + (1 - kFarthestOpacity) * share};
}

SpaceExtent spaceExtentOf(const std::vector<MapPlace>& places) {
    if (places.empty()) return {};
    std::vector<float> values;
    values.reserve(places.size());
    SpaceExtent extent;
    extent.middle = {middleOf(places, &MapPlace::x, values), middleOf(places, &MapPlace::y, values),
                     middleOf(places, &MapPlace::z, values)};
    values.clear();
    for (const MapPlace& place : places) values.push_back(distanceBetween(place, extent.middle));
    extent.reach = std::max(kLeastReach, quantile(values, kInside));
    return extent;
}

SpaceExtent united(const std::vector<SpaceExtent>& extents) {
    SpaceExtent all;
    for (float MapPlace::*axis : {&MapPlace::x, &MapPlace::y, &MapPlace::z}) {
        float low = extents.front().middle.*axis, high = low;
        for (const SpaceExtent& each : extents) {
            low = std::min(low, each.middle.*axis - each.reach);
            high = std::max(high, each.middle.*axis + each.reach);
        }
        all.middle.*axis = (low + high) / 2;
    }
    all.reach = 0;
    for (const SpaceExtent& each : extents)
        all.reach = std::max(all.reach, distanceBetween(all.middle, each.middle) + each.reach);
    return all;
}

bool isNear(const SpaceExtent& one, const SpaceExtent& other) {
    constexpr float kSame = 0.03F;
    return distanceBetween(one.middle, other.middle) <= kSame * one.reach &&
           std::abs(one.reach - other.reach) <= kSame * one.reach;
}

float silhouette(float nearness) {
    return 1 / std::sqrt(1 - nearness * nearness);
}

}  // namespace embedscope
