#pragma once

#include <span>
#include <vector>

namespace embedscope {

/// Turns (and mirrors, where that fits better), moves and scales a map onto the one before: orthogonal Procrustes on
/// the points. Without a map before, or with another number of points, it is only centred and scaled.
/// @param map, before [N, dims] row-major. @param radius Root mean square distance from the centre afterwards.
std::vector<float> alignedMap(std::span<const float> map, std::span<const float> before, double radius, int dims = 2);

/// Root mean square distance of the points from their centre.
double radiusOf(std::span<const float> map, int dims = 2);

/// Mean distance between two maps of the same points, relative to the root mean square radius of `b`.
double meanDisplacement(std::span<const float> a, std::span<const float> b, int dims = 2);

}  // namespace embedscope
