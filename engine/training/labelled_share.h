#pragma once

#include "engine/data_set.h"

#include <cstdint>
#include <memory>

namespace embedscope {

/// The same images, pixels shared, of whose training labels only `share` is left: the same of every class, at least
/// two, or nothing in it would be similar. A smaller share is a part of a larger one with the same seed.
std::shared_ptr<const DataSet> withLabelledShare(std::shared_ptr<const DataSet> data, double share, std::uint64_t seed);

/// The same images without any label of the training part.
std::shared_ptr<const DataSet> withoutLabels(const DataSet& data);

}  // namespace embedscope
