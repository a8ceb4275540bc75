#pragma once

#include "engine/catalog.h"
#include "engine/data_set.h"

#include <cstdint>
#include <vector>

namespace embedscope {

using Bytes = std::vector<std::uint8_t>;

/// Every value drawn alike. @return Of the shape's size.
Bytes noiseImage(const ImageShape& shape, unsigned seed = 7);

/// The row "supervised" with everything off, but for `values`.
Choice only(const ParameterValues& values);

/// The view that a seed gives of an image.
Bytes viewOf(const Bytes& image, const ImageShape& shape, const Choice& choice, std::uint64_t seed);

}  // namespace embedscope
