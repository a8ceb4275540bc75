#include "engine/training/pair_distances.h"

#include <algorithm>
#include <numeric>

namespace embedscope {
namespace {

constexpr std::size_t kPairsEach = 5000;
constexpr std::size_t kFewestDissimilar = 64;  ///< Of a step without any similar pair.

}  // namespace

PairDistances::PairDistances(const DataSet& data, const std::vector<std::int32_t>& tracked, bool normalized,
                             std::uint64_t seed)
    : normalized_(normalized), seed_(seed) {
    labels_.reserve(tracked.size());
    for (const std::int32_t sample : tracked) labels_.push_back(data.samples[sample].label);
}

DistanceStatistics PairDistances::measure(const EmbeddingBank& bank) const {
    const std::span<const std::int64_t> steps = bank.computedAtStep();
    std::vector<std::int32_t> rows(steps.size());
    std::iota(rows.begin(), rows.end(), 0);
    std::ranges::stable_sort(rows, std::ranges::greater{}, [&](std::int32_t row) { return steps[row]; });

    PairSample pairs;
    for (auto begin = rows.begin(); begin != rows.end() && pairs.similar.size() < kPairsEach;) {
        const auto end = std::find_if(begin, rows.end(), [&](std::int32_t row) { return steps[row] != steps[*begin]; });
        addPairsAmong({begin, end}, pairs);
        begin = end;
    }
    return distanceStatistics(bank.embeddings(), bank.dimension(), pairs, normalized_);
}

/// As many dissimilar pairs as similar ones, so that both are of the same steps.
void PairDistances::addPairsAmong(std::span<const std::int32_t> rows, PairSample& pairs) const {
    std::vector<std::int32_t> labels;
    for (const std::int32_t row : rows) labels.push_back(labels_[row]);
    const auto append = [&](std::vector<RowPair>& to, const std::vector<RowPair>& found) {
        const std::size_t count = std::min(found.size(), kPairsEach - to.size());
        for (std::size_t i = 0; i < count; ++i) to.push_back({rows[found[i].first], rows[found[i].second]});
    };
    const std::size_t before = pairs.similar.size();
    append(pairs.similar, samplePairs(labels, {kPairsEach - before, 0}, seed_).similar);
    const std::size_t wanted = std::max(pairs.similar.size() - before, kFewestDissimilar);
    append(pairs.dissimilar, samplePairs(labels, {0, wanted}, seed_).dissimilar);
}

}  // namespace embedscope
