#pragma once

#include "engine/projections/map_points.h"
#include "engine/projections/sparse_rows.h"

#include <optional>
#include <stop_token>

namespace embedscope {

/// Where a map of a graph starts: the eigenvectors of its normalised Laplacian with the smallest eigenvalues but the
/// first, each scaled to this deviation.
/// @param graph Symmetric, not negative. @return nothing if stopped, or if the graph falls apart: such eigenvectors
/// only say which part a point is in.
std::optional<MapPoints<float>> spectralStart(const SparseRows<float>& graph, int dims, double deviation,
                                              Workers& workers, std::stop_token stop = {});

}  // namespace embedscope
