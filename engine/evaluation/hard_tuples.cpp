#include "engine/hard_tuples.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <unordered_set>

namespace embedscope {
namespace {

constexpr std::size_t kMostPairsOfMark = 100'000;
constexpr std::size_t kLeastAnchors = 100;

std::uint64_t keyOf(std::int32_t a, std::int32_t b) {
    const auto [low, high] = std::minmax(a, b);
    return static_cast<std::uint64_t>(low) << 32 | static_cast<std::uint32_t>(high);
}

/// Pairs that are marked as similar, or as dissimilar.
class MarkedKeys {
public:
    MarkedKeys(const Marks& marks, MarkKind kind) {
        for (const Mark& mark : marks.list) {
            const auto& others = mark.second.empty() ? mark.first : mark.second;
            if (mark.kind != kind || mark.first.size() * others.size() > kMostPairsOfMark) continue;
            for (const std::int32_t a : mark.first)
                for (const std::int32_t b : others) keys_.insert(keyOf(a, b));
        }
    }
    bool holds(std::int32_t a, std::int32_t b) const { return !keys_.empty() && keys_.contains(keyOf(a, b)); }

private:
    std::unordered_set<std::uint64_t> keys_;
};

struct Candidates {
    std::vector<std::size_t> rows;     ///< Of the bank.
    std::vector<std::int32_t> labels;  ///< Of these.
};

Candidates candidatesOf(const BankFrame& bank, const DataSet& data) {
    Candidates found;
    for (std::size_t row = 0; row < bank.count(); ++row) {
        const Sample& sample = data.samples[static_cast<std::size_t>((*bank.samples)[row])];
        const auto numbers = bank.row(row);
        if (sample.split != Split::Train || sample.label == kUnlabelled ||
            !std::ranges::all_of(numbers, [](float value) { return std::isfinite(value); }))
            continue;
        found.rows.push_back(row);
        found.labels.push_back(sample.label);
    }
    return found;
}

/// In eight sums, which the compiler may compute side by side.
float squaredDistance(std::span<const float> a, std::span<const float> b) {
    constexpr std::size_t kSums = 8;
    std::array<float, kSums> sums{};
    std::size_t k = 0;
    for (; k + kSums <= a.size(); k += kSums)
        for (std::size_t lane = 0; lane < kSums; ++lane) {
            const float away = a[k + lane] - b[k + lane];
            sums[lane] += away * away;
        }
    for (; k < a.size(); ++k) sums[0] += (a[k] - b[k]) * (a[k] - b[k]);
    return std::accumulate(sums.begin(), sums.end(), 0.0F);
}

/// Places among the candidates.
std::vector<std::size_t> possibleAnchors(const Candidates& candidates, std::optional<std::int32_t> ofClass) {
    std::vector<std::size_t> places;
    for (std::size_t place = 0; place < candidates.rows.size(); ++place)
        if (!ofClass || candidates.labels[place] == *ofClass) places.push_back(place);
    return places;
}

}  // namespace

std::optional<HardTuples> hardestTuples(const BankFrame& bank, const DataSet& data, const Marks& marks,
                                        const HardSearch& search, std::stop_token stop) {
    const Candidates candidates = candidatesOf(bank, data);
    const MarkedKeys similar(marks, MarkKind::Similar), dissimilar(marks, MarkKind::Dissimilar);
    const std::vector<std::size_t> possible = possibleAnchors(candidates, search.anchorClass);
    const std::size_t count = candidates.rows.size();
    HardTuples found;
    found.rows = count;
    found.possible = possible.size();
    found.anchors =
        std::min(possible.size(), std::max(kLeastAnchors, search.mostDistances / std::max<std::size_t>(count, 1)));
    const auto sampleOf = [&](std::size_t place) { return (*bank.samples)[candidates.rows[place]]; };
    for (std::size_t i = 0; i < found.anchors; ++i) {
        if (stop.stop_requested()) return std::nullopt;
        const std::size_t anchor = possible[i * possible.size() / found.anchors];
        MinedTuple tuple;
        tuple.anchor = sampleOf(anchor);
        float farthest = -1, nearest = std::numeric_limits<float>::infinity();
        for (std::size_t other = 0; other < count; ++other) {
            const bool same = candidates.labels[other] == candidates.labels[anchor];
            if (other == anchor) continue;
            const float square = squaredDistance(bank.row(candidates.rows[anchor]), bank.row(candidates.rows[other]));
            if (same ? square <= farthest : square >= nearest) continue;
            if ((same ? dissimilar : similar).holds(tuple.anchor, sampleOf(other))) continue;
            (same ? farthest : nearest) = square;
            (same ? tuple.positive : tuple.negative) = sampleOf(other);
        }
        if (tuple.positive < 0 || tuple.negative < 0) continue;
        tuple.toPositive = std::sqrt(farthest);
        tuple.toNegative = std::sqrt(nearest);
        found.tuples.push_back(tuple);
    }
    std::ranges::stable_sort(found.tuples, std::ranges::greater{},
                             [](const MinedTuple& each) { return each.toPositive - each.toNegative; });
    if (found.tuples.size() > search.mostTuples) found.tuples.resize(search.mostTuples);
    return found;
}

}  // namespace embedscope
