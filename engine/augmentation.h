#pragma once

#include "engine/data_set.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace embedscope {

/// Random views of one image as training sees them, e.g. for a preview. The same seed gives the same views; another
/// value of one parameter changes only what that parameter does to them.
/// @throws std::invalid_argument naming the known ids.
std::vector<Image> augmentedViews(const DataSet& data, std::size_t index, const Choice& augmentation,
                                  std::uint64_t seed, int count);

}  // namespace embedscope
