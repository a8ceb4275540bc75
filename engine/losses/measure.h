#pragma once

#include "engine/catalog.h"
#include "engine/losses/distances.h"

#include <torch/types.h>

namespace embedscope {

/// How far apart two rows are. The order is that of the option lists in forms and saved files; append only.
enum class Measure {
    NormalizedEuclidean,  ///< Euclidean on L2-normalised rows.
    Euclidean,
    NormalizedSquared,  ///< Squared Euclidean on L2-normalised rows.
    Squared,
    Cosine,                 ///< A similarity.
    Dot,                    ///< A similarity.
    NormalizedSignalNoise,  ///< var(a - b) / var(a) over the components of L2-normalised rows; not symmetric.
    SignalNoise,
    NormalizedManhattan,  ///< Sum of the differences of the components (L1), of L2-normalised rows.
    Manhattan,
    NormalizedLargest,  ///< The largest difference of a component (L∞), of L2-normalised rows.
    Largest,
    NormalizedPower,  ///< (Σ |xk - yk|^p)^(1/p) (Lp), of L2-normalised rows.
    Power,
};

/// A measure with its exponent p, which only those of Lp read.
struct Distance {
    Distance(Measure chosen, double p = 2) : measure(chosen), exponent(p) {}
    bool operator==(const Distance&) const = default;

    Measure measure;
    double exponent;
};

/// All measures, for a loss that works with any; "distance". Goes with exponentParameter().
Parameter measureParameter(Measure standard);
/// Of Lp; "exponent".
Parameter exponentParameter();
/// What a row with these two parameters, or the first of them, was set to.
Distance distanceOf(const ParameterValues& values);

/// -1 for similarities, 1 for distances: what their thresholds are multiplied with to suit `measured`.
double direction(const Distance& distance);

/// [B, B] with gradient, row = anchor. Smaller is always nearer: a similarity comes negated.
torch::Tensor measured(const torch::Tensor& embeddings, const Distance& distance, Slope slope = Slope::Any);

/// The same of listed pairs only, [P] with gradient: for lists that are short against B².
/// @param anchors [P] rows. @param others [P] rows.
torch::Tensor measuredPairs(const torch::Tensor& embeddings, const torch::Tensor& anchors, const torch::Tensor& others,
                            const Distance& distance);

}  // namespace embedscope
