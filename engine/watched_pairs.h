#pragma once

#include "engine/snapshot.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace embedscope {

/// The distance between two watched samples, now.
struct WatchedPair {
    std::size_t first = 0, second = 0;  ///< Places in the list of watched samples, first < second.
    double distance = 0;                ///< Euclidean; NaN if one of them is not tracked.
    std::int64_t step = 0;              ///< Of the newer of both embeddings.
    std::int64_t apart = 0;             ///< Steps between both embeddings; 0: exactly comparable.
};

/// All pairs of the samples, by first, then second. @param samples Indices into the data set, at most a few.
std::vector<WatchedPair> watchedPairs(const BankFrame& bank, std::span<const int> samples);

}  // namespace embedscope
