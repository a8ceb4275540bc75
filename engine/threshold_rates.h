#pragma once

#include "engine/distance_statistics.h"

namespace embedscope {

/// "Is this the same class?" answered by distance <= threshold, from the fine bins of the histograms, each even
/// within.
struct ThresholdRates {
    double fmr = 0, fnmr = 0;            ///< Share of dissimilar pairs that pass, and of similar pairs that do not.
    double fmrError = 0, fnmrError = 0;  ///< Standard errors, for pairs as independent draws; NaN without pairs.
};

ThresholdRates ratesAt(const DistanceStatistics& distances, double threshold);

/// The edge of a bin with the least mean of both rates; of equal ones their middle. Half of the axis without pairs.
double bestThreshold(const DistanceStatistics& distances);

/// Standard error of the AUC: J. A. Hanley, B. J. McNeil, Radiology 143 (1982) 29. NaN without pairs of both kinds.
double aucError(const DistanceStatistics& distances);
/// Standard error of the mean, for pairs as independent draws; NaN with fewer than two.
double meanError(const DistanceDistribution& pairs);

}  // namespace embedscope
