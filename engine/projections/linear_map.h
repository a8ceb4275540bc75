#pragma once

#include "engine/experiment.h"
#include "engine/neighbors/neighbor_graph.h"

#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace embedscope {

struct LinearMap {
    std::vector<float> coordinates;      ///< [N, dims] row-major.
    std::vector<std::string> axisNames;  ///< "PC 1 (34 %)", "x3".
};

/// PCA, discriminant or raw axes of one space. @return nothing if stopped.
/// @throws std::invalid_argument if the axes do not exist.
std::optional<LinearMap> linearMap(SpaceView space, std::span<const std::int32_t> labels, const Choice& method,
                                   int dims, std::stop_token stop = {});

/// Radius of the circle or sphere around the origin on which all rows lie, as normalised ones do; 0: there is none.
double sphereRadius(SpaceView space);

}  // namespace embedscope
