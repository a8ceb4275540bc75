#include "engine/neighbor_agreement.h"

#include "engine/neighbor_index.h"

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

}  // namespace

std::vector<float> neighborAgreement(const BankFrame& bank, std::span<const std::int32_t> labels, int k,
                                     const std::stop_token& stop) {
    assert(labels.size() == bank.count());
    if (bank.count() == 0) return {};
    const auto index = NeighborIndex::build(bank.embeddings, bank.dimension, {}, stop);
    if (!index) return {};
    std::vector<float> agreement(bank.count(), std::numeric_limits<float>::quiet_NaN());
    for (std::size_t row = 0; row < bank.count(); ++row) {
        if (stop.stop_requested()) return {};
        if (labels[row] < 0) continue;
        const auto isSelf = [row](std::int32_t other) { return other == static_cast<std::int32_t>(row); };
        agreement[row] = shareOf(index->nearest(index->row(row), k, isSelf), labels, labels[row]);
    }
    return agreement;
}

}  // namespace embedscope
