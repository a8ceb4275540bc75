#pragma once

#include "engine/snapshot.h"

#include <cstdint>
#include <span>
#include <vector>

namespace embedscope {

struct Neighbor {
    std::int32_t row = 0;  ///< Of the bank frame.
    float distance = 0;    ///< Euclidean.
};

/// The k nearest other rows by Euclidean distance, nearest first; exact. Ties: the lower row first.
std::vector<Neighbor> nearestNeighbors(const BankFrame& bank, std::size_t row, int k);
/// The same of a point that is no row. @param point [bank.dimension]
std::vector<Neighbor> nearestTo(const BankFrame& bank, std::span<const float> point, int k);

}  // namespace embedscope
