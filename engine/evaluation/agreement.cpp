#include "engine/clustering.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <map>

namespace embedscope {
namespace {

/// How many samples fall into each pair of groups, and into each group.
struct Contingency {
    std::map<std::pair<std::int32_t, std::int32_t>, double> cells;
    std::map<std::int32_t, double> first, second;
    double total = 0;
};

Contingency contingencyOf(std::span<const std::int32_t> first, std::span<const std::int32_t> second) {
    assert(first.size() == second.size());
    Contingency table;
    for (std::size_t i = 0; i < first.size(); ++i) {
        if (first[i] < 0 || second[i] < 0) continue;
        ++table.cells[{first[i], second[i]}];
        ++table.first[first[i]];
        ++table.second[second[i]];
        ++table.total;
    }
    return table;
}

double entropy(const std::map<std::int32_t, double>& sizes, double total) {
    double sum = 0;
    for (const auto& [group, size] : sizes) sum -= size / total * std::log(size / total);
    return sum;
}

double mutualInformation(const Contingency& table) {
    double sum = 0;
    for (const auto& [groups, count] : table.cells) {
        const double expected = table.first.at(groups.first) * table.second.at(groups.second) / table.total;
        sum += count / table.total * std::log(count / expected);
    }
    return std::max(sum, 0.0);
}

/// How many groups have each size: chance depends on the sizes only, and there are far fewer of them than groups.
std::map<std::size_t, double> sizeCounts(const std::map<std::int32_t, double>& groups) {
    std::map<std::size_t, double> counts;
    for (const auto& [group, size] : groups) ++counts[static_cast<std::size_t>(size)];
    return counts;
}

/// The mean mutual information of groupings with these sizes drawn at random (hypergeometric model; Vinh et al. 2010).
double expectedMutualInformation(const Contingency& table) {
    const auto total = static_cast<std::size_t>(table.total);
    std::vector<double> logFactorial(total + 1, 0);
    for (std::size_t n = 1; n <= total; ++n) logFactorial[n] = logFactorial[n - 1] + std::log(static_cast<double>(n));
    double sum = 0;
    for (const auto& [a, countA] : sizeCounts(table.first))
        for (const auto& [b, countB] : sizeCounts(table.second))
            for (std::size_t common = std::max<std::size_t>(1, a + b > total ? a + b - total : 0);
                 common <= std::min(a, b); ++common) {
                const double logChance = logFactorial[a] + logFactorial[b] + logFactorial[total - a] +
                                         logFactorial[total - b] - logFactorial[total] - logFactorial[common] -
                                         logFactorial[a - common] - logFactorial[b - common] -
                                         logFactorial[total - a - b + common];
                const double share = static_cast<double>(common) / table.total;
                const double expected = static_cast<double>(a) * static_cast<double>(b) / table.total;
                sum += countA * countB * share * std::log(static_cast<double>(common) / expected) * std::exp(logChance);
            }
    return sum;
}

}  // namespace

Agreement agreement(std::span<const std::int32_t> first, std::span<const std::int32_t> second) {
    const Contingency table = contingencyOf(first, second);
    // One group on both sides, or no sample at all: trivially equal, as scikit-learn counts it.
    if (table.first.size() <= 1 && table.second.size() <= 1) return {1, 1};
    const double information = mutualInformation(table);
    const double meanEntropy = (entropy(table.first, table.total) + entropy(table.second, table.total)) / 2;
    const double chance = expectedMutualInformation(table);
    constexpr double kTiny = std::numeric_limits<double>::epsilon();
    const double range = meanEntropy - chance;
    return {information / std::max(meanEntropy, kTiny),
            (information - chance) / (range < 0 ? std::min(range, -kTiny) : std::max(range, kTiny))};
}

}  // namespace embedscope
