#pragma once

#include "engine/projection.h"

#include <span>
#include <vector>

namespace embedscope {

struct Places {
    std::vector<float> coordinates;  ///< [C, 2] row-major.
    std::vector<float> depths;       ///< [C]; empty in a plane.
};

/// Where points of the embedding space that are no samples, such as proxies or a picture that is asked about, lie in a
/// layout, which stays as it is. If the layout is a linear picture of its bank (principal components, plain axes),
/// exactly where that picture puts them; else where most of the samples nearest to each are: between two islands there
/// is nothing to see, so a point goes to one of them.
/// @param rows [C, bank dimension] row-major. @param threads 0: one a core.
Places placesIn(const Layout& layout, std::span<const float> rows, int threads = 1);

}  // namespace embedscope
