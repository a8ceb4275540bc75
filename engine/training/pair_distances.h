#pragma once

#include "engine/data_set.h"
#include "engine/distance_statistics.h"
#include "engine/training/embedding_bank.h"

#include <cstdint>
#include <span>
#include <vector>

namespace embedscope {

/// The distances between similar and dissimilar tracked samples, as they are now. Only rows that were computed at the
/// same step are compared: between two steps all points drift, and a distance across them would be too large.
class PairDistances {
public:
    PairDistances(const DataSet& data, const std::vector<std::int32_t>& tracked, bool normalized, std::uint64_t seed);
    DistanceStatistics measure(const EmbeddingBank& bank) const;

private:
    void addPairsAmong(std::span<const std::int32_t> rows, PairSample& pairs) const;

    bool normalized_;
    std::uint64_t seed_;
    std::vector<std::int32_t> labels_;  ///< [N] of the bank's rows.
};

}  // namespace embedscope
