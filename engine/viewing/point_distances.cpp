#include "engine/viewing/point_distances.h"

#include <vector>

namespace embedscope {

DistanceStatistics pointDistances(const DataSet& data, const BankFrame& bank, std::uint64_t seed, bool unitLength) {
    constexpr std::size_t kPairsEach = 20'000;
    std::vector<std::int32_t> labels;
    labels.reserve(bank.count());
    for (const std::int32_t sample : *bank.samples)
        labels.push_back(data.samples[static_cast<std::size_t>(sample)].label);
    return distanceStatistics(bank.embeddings, bank.dimension, samplePairs(labels, kPairsEach, seed), unitLength);
}

}  // namespace embedscope
