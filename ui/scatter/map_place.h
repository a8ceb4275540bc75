#pragma once

#include "engine/projection.h"

#include <cstddef>
#include <span>
#include <vector>

namespace embedscope {

/// A place of a map. In a plane z is 0; in space it grows towards who looks from the front.
struct MapPlace {
    float x = 0, y = 0, z = 0;
    bool operator==(const MapPlace&) const = default;
};

inline bool isInSpace(const Layout& layout) {
    return !layout.depths.empty();
}

inline MapPlace placeOf(const Layout& layout, std::size_t row) {
    return {layout.coordinates[2 * row], layout.coordinates[2 * row + 1], isInSpace(layout) ? layout.depths[row] : 0};
}

/// @param coordinates [C, 2]. @param depths [C], or empty in a plane.
inline std::vector<MapPlace> placesOf(std::span<const float> coordinates, std::span<const float> depths = {}) {
    std::vector<MapPlace> places(coordinates.size() / 2);
    for (std::size_t i = 0; i < places.size(); ++i)
        places[i] = {coordinates[2 * i], coordinates[2 * i + 1], depths.empty() ? 0 : depths[i]};
    return places;
}

/// Places of one can be held against those of the other.
inline bool isSameMap(const Layout& one, const Layout& other) {
    return one.method == other.method && isInSpace(one) == isInSpace(other);
}

inline MapPlace mixed(const MapPlace& from, const MapPlace& to, float share) {
    return {from.x + (to.x - from.x) * share, from.y + (to.y - from.y) * share, from.z + (to.z - from.z) * share};
}

}  // namespace embedscope
