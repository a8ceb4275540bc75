#pragma once

#include "engine/layout_places.h"

#include <vector>

namespace embedscope {

/// [N, dims] row-major into what a layout has: a plane, and depths where dims is 3.
Places splitPlaces(std::vector<float> rows, int dims);

/// The way back: [N, 2], or [N, 3] if the layout has depths.
std::vector<float> joinedPlaces(const Layout& layout);

}  // namespace embedscope
