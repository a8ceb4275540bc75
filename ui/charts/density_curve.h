#pragma once

#include "engine/distance_statistics.h"

#include <vector>

namespace embedscope {

/// Share of the pairs in each of kHistogramBins even bins; all 0 without pairs.
std::vector<double> barsOf(const DistanceDistribution& pairs);

struct DensityPoint {
    double distance = 0;
    double density = 0;  ///< Its integral over the distances is 1.
};

/// Gaussian kernel density of the distances, mirrored at 0 and at the upper edge, where they end. Empty without pairs.
std::vector<DensityPoint> densityCurve(const DistanceDistribution& pairs, double upperEdge);

}  // namespace embedscope
