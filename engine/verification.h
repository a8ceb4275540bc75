#pragma once

#include "engine/distance_statistics.h"

#include <span>

namespace embedscope {

/// "Is this the same class?" answered by distance <= threshold. FMR(t): share of dissimilar pairs that pass; FNMR(t):
/// share of similar pairs that do not.
struct VerificationMeasures {
    double auc = 0.5;               ///< Probability that a similar pair is nearer; equal distances count half.
    double equalErrorRate = 0.5;    ///< FMR = FNMR, on straight lines between the operating points.
    double fnmrAtFmr1Percent = 1;   ///< Lowest FNMR of a threshold with FMR <= 0.01.
    double fnmrAtFmr01Percent = 1;  ///< Lowest FNMR of a threshold with FMR <= 0.001.
    double bestThreshold = 0;       ///< The least mean of FMR and FNMR; half way to the next distance.
    double bestAccuracy = 0.5;      ///< 1 - that mean: both kinds of pair count the same.
};

/// Distances in any order; those that are not finite are left out. Without pairs of both kinds: the values above.
VerificationMeasures verificationMeasures(std::span<const float> similar, std::span<const float> dissimilar);

/// The same for pairs of rows. @param embeddings [N, dimension] row-major.
VerificationMeasures verificationMeasures(std::span<const float> embeddings, int dimension, const PairSample& pairs);

}  // namespace embedscope
