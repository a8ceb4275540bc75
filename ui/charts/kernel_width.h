#pragma once

#include <cstddef>
#include <span>

namespace embedscope {

/// The width of a Gaussian kernel that shows narrow peaks beside broad ones without drawing chance.
/// @param share [bins] of the values in even bins from 0 to 1; sums to 1.
/// @param count Values, at least 1.
/// @return In lengths of all the bins together, 0..1; NaN if no width fits, as with a few values.
double kernelWidth(std::span<const float> share, std::size_t count);

}  // namespace embedscope
