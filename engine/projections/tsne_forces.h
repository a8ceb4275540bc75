#pragma once

#include "engine/neighbors/workers.h"
#include "engine/projections/map_points.h"
#include "engine/projections/sparse_rows.h"

#include <memory>

namespace embedscope {

// With q_ij = 1 / (1 + |y_i - y_j|²) and Z = sum of q_ij over i != j, the gradient of t-SNE's KL divergence is
// 4 (sum_j p_ij q_ij (y_i - y_j) - sum_j q_ij² (y_i - y_j) / Z): an attraction and a repulsion.

/// force_i = sum_j p_ij q_ij (y_i - y_j).
template <typename Scalar>
void attraction(const SparseRows<Scalar>& p, const MapPoints<Scalar>& points, MapPoints<Scalar>& force,
                Workers& workers);

/// force_i = sum_j q_ij² (y_i - y_j), every pair. @return Z.
template <typename Scalar>
double exactRepulsion(const MapPoints<Scalar>& points, MapPoints<Scalar>& force, Workers& workers);

/// sum p_ij log(p_ij Z / q_ij).
template <typename Scalar>
double klDivergence(const SparseRows<Scalar>& p, const MapPoints<Scalar>& points, double z, Workers& workers);

/// A way to add up the repulsion; keeps its memory from step to step.
class Repulsion {
public:
    virtual ~Repulsion() = default;
    /// As exactRepulsion().
    virtual double add(const MapPoints<float>& points, MapPoints<float>& force, Workers& workers) = 0;
};

std::unique_ptr<Repulsion> makeExactRepulsion();
/// Barnes, Hut 1986 ("A hierarchical O(N log N) force-calculation algorithm"), in two and three dimensions.
/// @param angle Cells seen under less than this (side / distance) act as one point.
std::unique_ptr<Repulsion> makeTreeRepulsion(double angle = 0.5);
/// By a convolution on a grid: O(n). Two dimensions.
/// @param spacing Of the nodes at most, in units of the map, in which the kernel is 1 wide; wide maps have a coarser
/// one.
std::unique_ptr<Repulsion> makeGridRepulsion(double spacing = 0.375);

/// 4 (attraction - repulsion / Z); the KL divergence beside it. For tests and small maps.
template <typename Scalar>
double klGradient(const SparseRows<Scalar>& p, const MapPoints<Scalar>& points, MapPoints<Scalar>& gradient,
                  Workers& workers);

}  // namespace embedscope
