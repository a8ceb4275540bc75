#pragma once

#include "engine/data_set.h"
#include "engine/distance_statistics.h"
#include "engine/snapshot.h"

#include <cstdint>

namespace embedscope {

/// Of pairs drawn among the points, by the labels of their samples. @param unitLength Whether all rows have length 1.
DistanceStatistics pointDistances(const DataSet& data, const BankFrame& bank, std::uint64_t seed, bool unitLength);

}  // namespace embedscope
