#include "engine/distance_statistics.h"
#include "engine/evaluation/random_index.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>
#include <unordered_set>

namespace embedscope {
namespace {

/// Labelled rows sorted by class. Every pair of them has a number, so that pairs are drawn without listing them.
struct Classes {
    std::vector<std::int32_t> rows;         ///< Grouped by label, ascending within a class.
    std::vector<std::uint64_t> begin;       ///< [classes + 1] where each class starts in `rows`.
    std::vector<std::uint64_t> similar;     ///< [classes + 1] running count of pairs inside a class.
    std::vector<std::uint64_t> dissimilar;  ///< [classes + 1] running count of pairs with a later class.
};

Classes classesOf(std::span<const std::int32_t> labels) {
    Classes classes;
    for (std::size_t row = 0; row < labels.size(); ++row)
        if (labels[row] >= 0) classes.rows.push_back(static_cast<std::int32_t>(row));
    std::ranges::stable_sort(classes.rows, {}, [&](std::int32_t row) { return labels[row]; });

    const std::uint64_t total = classes.rows.size();
    classes.begin = classes.similar = classes.dissimilar = {0};
    for (std::uint64_t begin = 0, end = 0; begin < total; begin = end) {
        while (end < total && labels[classes.rows[end]] == labels[classes.rows[begin]]) ++end;
        const std::uint64_t size = end - begin;
        classes.begin.push_back(end);
        classes.similar.push_back(classes.similar.back() + size * (size - 1) / 2);
        classes.dissimilar.push_back(classes.dissimilar.back() + size * (total - end));
    }
    return classes;
}

/// The class whose pairs hold `number`, and the number within it.
std::pair<std::size_t, std::uint64_t> locate(const std::vector<std::uint64_t>& running, std::uint64_t number) {
    const auto after = std::ranges::upper_bound(running, number);
    return {static_cast<std::size_t>(after - running.begin()) - 1, number - *(after - 1)};
}

RowPair similarPair(const Classes& classes, std::uint64_t number) {
    const auto [label, within] = locate(classes.similar, number);
    // Pair (low, high), low < high, has the number high * (high - 1) / 2 + low.
    auto high = static_cast<std::uint64_t>((1 + std::sqrt(1 + 8.0 * static_cast<double>(within))) / 2);
    while (high * (high - 1) / 2 > within) --high;
    while (high * (high + 1) / 2 <= within) ++high;
    const std::uint64_t low = within - high * (high - 1) / 2;
    const std::uint64_t begin = classes.begin[label];
    return {classes.rows[begin + low], classes.rows[begin + high]};
}

RowPair dissimilarPair(const Classes& classes, std::uint64_t number) {
    const auto [label, within] = locate(classes.dissimilar, number);
    const std::uint64_t end = classes.begin[label + 1];
    const std::uint64_t others = classes.rows.size() - end;
    return {classes.rows[classes.begin[label] + within / others], classes.rows[end + within % others]};
}

/// As a list of bits it takes at most 2 MiB, and needs neither a node for each number nor a sort.
constexpr std::uint64_t kMostBits = 1 << 24;

/// Different numbers below `total`, kept as they are drawn.
class DrawnNumbers {
public:
    explicit DrawnNumbers(std::uint64_t total) : words_(total <= kMostBits ? (total + 63) / 64 : 0) {}

    /// @return False if it is there already.
    bool insert(std::uint64_t number) {
        if (words_.empty()) return set_.insert(number).second;
        std::uint64_t& word = words_[number / 64];
        const std::uint64_t bit = std::uint64_t{1} << number % 64;
        const bool added = (word & bit) == 0;
        word |= bit;
        return added;
    }

    std::vector<std::uint64_t> ascending(std::uint64_t count) const {
        std::vector<std::uint64_t> numbers(set_.begin(), set_.end());
        std::ranges::sort(numbers);
        numbers.reserve(count);
        for (std::size_t i = 0; i < words_.size(); ++i)
            for (std::uint64_t rest = words_[i]; rest != 0; rest &= rest - 1)
                numbers.push_back(64 * i + static_cast<std::uint64_t>(std::countr_zero(rest)));
        return numbers;
    }

private:
    std::vector<std::uint64_t> words_;
    std::unordered_set<std::uint64_t> set_;  ///< Where there would be too many bits.
};

/// `count` different numbers below `total`, ascending (Floyd's method: `count` draws, whatever the total).
std::vector<std::uint64_t> drawNumbers(std::uint64_t total, std::uint64_t count, RandomIndex& random) {
    if (count >= total) {
        std::vector<std::uint64_t> all(total);
        std::iota(all.begin(), all.end(), 0);
        return all;
    }
    if (count == 0) return {};
    DrawnNumbers drawn(total);
    for (std::uint64_t last = total - count; last < total; ++last)
        if (!drawn.insert(random.below(last + 1))) drawn.insert(last);
    return drawn.ascending(count);
}

}  // namespace

PairSample samplePairs(std::span<const std::int32_t> labels, std::size_t pairsEach, std::uint64_t seed) {
    return samplePairs(labels, PairCounts{pairsEach, pairsEach}, seed);
}

PairSample samplePairs(std::span<const std::int32_t> labels, PairCounts most, std::uint64_t seed) {
    const Classes classes = classesOf(labels);
    RandomIndex random(seed);
    PairSample sample;
    for (const std::uint64_t number : drawNumbers(classes.similar.back(), most.similar, random))
        sample.similar.push_back(similarPair(classes, number));
    for (const std::uint64_t number : drawNumbers(classes.dissimilar.back(), most.dissimilar, random))
        sample.dissimilar.push_back(dissimilarPair(classes, number));
    return sample;
}

}  // namespace embedscope
