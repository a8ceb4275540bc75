#pragma once

#include "engine/comparison.h"

#include <vector>

namespace embedscope {

/// The comparisons in the program's resources, in the order of their file names; their images are the bundled sample.
/// @throws std::runtime_error naming the file if one of them cannot be read: a fault of the build.
std::vector<Comparison> readyMadeComparisons();

}  // namespace embedscope
