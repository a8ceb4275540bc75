#pragma once

#include "engine/neighbors.h"
#include "engine/projection.h"

#include <cstddef>
#include <vector>

namespace embedscope {

/// The k points of a map nearest to one of its points, nearest first, at distances in units of the map; exact. Ties:
/// the lower row first. @return Rows of the layout.
std::vector<Neighbor> nearestOnMap(const Layout& layout, std::size_t row, int k);

}  // namespace embedscope
