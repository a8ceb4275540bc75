#include "engine/neighbor_agreement.h"

#include "engine/neighbor_index.h"

#include <algorithm>
#include <cassert>
#include <limits>

namespace embedscope {
namespace {

/// @return NaN if no neighbour has a label.
float shareOf(std::span<const Neighbor> neighbors, std::span<const std::int32_t> labels, std::int32_t own) {
    int same = 0, known = 0;
    for (const Neighbor& neighbor : neighbors) {
        const std::int32_t label = labels[static_cast<std::size_t>(neighbor.row)];
        known += label >= 0;
        same += label == own;
    }
    return known > 0 ? static_cast<float>(same) / static_cast<float>(known) : std::numeric_limits<float>::quiet_NaN();
}

/// @return NaN if no neighbour has a label.
float hardnessOf(std::span<const Neighbor> neighbors, std::span<const std::int32_t> labels, std::int32_t own) {
    float same = -1, other = -1, last = -1;
    for (const Neighbor& neighbor : neighbors) {
        const std::int32_t label = labels[static_cast<std::size_t>(neighbor.row)];
        if (label < 0) continue;
        last = neighbor.distance;
        float& nearest = label == own ? same : other;
        if (nearest < 0) nearest = neighbor.distance;
    }
    if (last < 0) return std::numeric_limits<float>::quiet_NaN();
    if (same < 0) same = last;
    if (other < 0) other = last;
    return same + other > 0 ? same / (same + other) : 0.5F;
}

}  // namespace

std::optional<NeighborAgreement> neighborAgreement(const BankFrame& bank, std::span<const std::int32_t> labels, int k,
                                                   const std::stop_token& stop) {
    assert(labels.size() == bank.count());
    constexpr int kWider = 4;
    const std::vector<float> unknown(bank.count(), std::numeric_limits<float>::quiet_NaN());
    NeighborAgreement found{unknown, unknown};
    if (bank.count() == 0) return found;
    const auto index = NeighborIndex::build(bank.embeddings, bank.dimension, {}, stop);
    if (!index) return std::nullopt;
    for (std::size_t row = 0; row < bank.count(); ++row) {
        if (stop.stop_requested()) return std::nullopt;
        if (labels[row] < 0) continue;
        const auto isSelf = [row](std::int32_t other) { return other == static_cast<std::int32_t>(row); };
        const std::vector<Neighbor> near = index->nearest(index->row(row), kWider * k, isSelf);
        const std::span<const Neighbor> nearest(near.data(), std::min(near.size(), static_cast<std::size_t>(k)));
        found.share[row] = shareOf(nearest, labels, labels[row]);
        found.hardness[row] = hardnessOf(near, labels, labels[row]);
    }
    return found;
}

}  // namespace embedscope
