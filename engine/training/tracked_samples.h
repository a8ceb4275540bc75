#pragma once

#include "engine/data_set.h"

#include <cstdint>
#include <vector>

namespace embedscope {

/// The samples that the embedding bank holds and the picture shows: at most `limit`, the same share of every class and
/// split, at least one of each where the limit allows it. In random order, so that no class is always drawn on top.
std::vector<std::int32_t> trackedSamples(const DataSet& data, std::size_t limit, std::uint64_t seed);

}  // namespace embedscope
