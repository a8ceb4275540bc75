#pragma once

#include "engine/projections/sparse_rows.h"

#include <span>

namespace embedscope {

/// How UMAP measures around one point: nothing is nearer than rho, and sigma is the length at which memberships fade.
struct LocalScale {
    double rho = 0, sigma = 1;
};

/// The scale for which the memberships of the neighbours sum up to log2(n), n counting the point itself.
/// @param distances To the others, at least one. @param meanDistance Of all neighbours of all points, themselves
/// included: bounds sigma where every neighbour is a duplicate.
LocalScale localScale(std::span<const double> distances, double meanDistance);

/// exp(-(distance - rho) / sigma); 1 up to rho.
double membership(double distance, const LocalScale& scale);

/// Memberships of a graph of n - 1 neighbours joined to a fuzzy union: a + b - a b of both directions.
SparseRows<float> fuzzyUnion(const NeighborGraph& graph, Workers& workers);

/// 1 / (1 + a d^2b), the curve of UMAP's map.
struct MapCurve {
    double a = 1, b = 1;
};

/// The curve nearest to "1 up to minDist, then exp(-(d - minDist) / spread)", by least squares.
MapCurve fitMapCurve(double minDist, double spread);

}  // namespace embedscope
