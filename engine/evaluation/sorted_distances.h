#pragma once

#include "engine/distance_statistics.h"

#include <span>
#include <vector>

namespace embedscope {

/// Euclidean distances of the pairs, ascending; those that are not finite are left out.
std::vector<float> sortedDistances(std::span<const float> embeddings, int dimension, std::span<const RowPair> pairs);

/// Share of (similar, dissimilar) couples in which the similar pair is nearer; equal ones count half. Both ascending.
/// 0.5 if either is empty.
double areaUnderCurve(std::span<const float> similar, std::span<const float> dissimilar);

}  // namespace embedscope
