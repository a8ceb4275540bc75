#include "engine/watched_pairs.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <optional>

namespace embedscope {
namespace {

std::optional<std::size_t> rowOf(const BankFrame& bank, int sample) {
    const auto found = std::ranges::find(*bank.samples, sample);
    if (found == bank.samples->end()) return std::nullopt;
    return static_cast<std::size_t>(found - bank.samples->begin());
}

double euclidean(std::span<const float> a, std::span<const float> b) {
    double square = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const double away = static_cast<double>(a[i]) - static_cast<double>(b[i]);
        square += away * away;
    }
    return std::sqrt(square);
}

}  // namespace

std::vector<WatchedPair> watchedPairs(const BankFrame& bank, std::span<const int> samples) {
    std::vector<std::optional<std::size_t>> rows;
    for (const int sample : samples) rows.push_back(rowOf(bank, sample));
    std::vector<WatchedPair> pairs;
    for (std::size_t first = 0; first < rows.size(); ++first)
        for (std::size_t second = first + 1; second < rows.size(); ++second) {
            WatchedPair pair{first, second, std::numeric_limits<double>::quiet_NaN(), bank.step, 0};
            if (rows[first] && rows[second]) {
                const std::int64_t a = bank.computedAtStep[*rows[first]], b = bank.computedAtStep[*rows[second]];
                pair.distance = euclidean(bank.row(*rows[first]), bank.row(*rows[second]));
                pair.step = std::max(a, b);
                pair.apart = std::abs(a - b);
            }
            pairs.push_back(pair);
        }
    return pairs;
}

}  // namespace embedscope
