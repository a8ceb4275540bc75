#pragma once

#include "engine/projection.h"

#include <span>
#include <vector>

namespace embedscope {

/// Where points of the embedding space that are no samples, such as proxies, lie in a layout. If the layout is a linear
/// picture of its bank (principal components, plain axes), exactly where that picture puts them; else among the five
/// samples nearest to each.
/// @param rows [C, bank dimension] row-major. @return [C, 2]
std::vector<float> placesIn(const Layout& layout, std::span<const float> rows);

}  // namespace embedscope
