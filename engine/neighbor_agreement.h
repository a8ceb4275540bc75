#pragma once

#include "engine/snapshot.h"

#include <cstdint>
#include <span>
#include <stop_token>
#include <vector>

namespace embedscope {

/// For each row of a bank the share of its k nearest others that have its label, 0..1. Neighbours without a label do
/// not count. NaN: the row has no label, no number in it is finite, or none of its neighbours has a label. Exact up to
/// 2,000 rows, then by an approximate index. Blocks: about 10 s for 50,000 x 64.
/// @param labels [N] of the rows; -1: none. @return [N], or nothing if stopped.
std::vector<float> neighborAgreement(const BankFrame& bank, std::span<const std::int32_t> labels, int k,
                                     const std::stop_token& stop);

}  // namespace embedscope
