#pragma once

#include "engine/snapshot.h"

#include <cstdint>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

namespace embedscope {

/// How the neighbours of each row of a bank fit its label. NaN: the row has no label, a number in it is not finite, or
/// no neighbour has a label.
struct NeighborAgreement {
    std::vector<float> share;  ///< [N] of the k nearest others, those that have its label, 0..1.
    /// [N] distance to the nearest of its label by the sum of this and the distance to the nearest of another: below
    /// 0.5 its own are nearer. Looked for among the 4 k nearest; where one kind is not there, the last stands for it.
    std::vector<float> hardness;
};

/// Neighbours without a label do not count. Exact up to 2,000 rows, then by an approximate index. Blocks: about 10 s
/// for 50,000 x 64.
/// @param labels [N] of the rows; -1: none. @return nothing if stopped.
std::optional<NeighborAgreement> neighborAgreement(const BankFrame& bank, std::span<const std::int32_t> labels, int k,
                                                   const std::stop_token& stop);

}  // namespace embedscope
