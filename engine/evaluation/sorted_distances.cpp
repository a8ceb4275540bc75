#include "engine/evaluation/sorted_distances.h"

#include <Eigen/Core>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

namespace embedscope {
namespace {

/// Ascending. Bits of floats >= 0 order as the floats do; three counting passes beat std::sort six times here, and
/// this runs at every report of a training run.
void sortDistances(std::vector<float>& values) {
    constexpr int kDigitBits = 11;
    std::vector<float> other(values.size());
    for (int shift = 0; shift < 32; shift += kDigitBits) {
        std::array<std::size_t, (1 << kDigitBits) + 1> starts{};
        const auto digit = [shift](float value) {
            return (std::bit_cast<std::uint32_t>(value) >> shift) & ((1U << kDigitBits) - 1);
        };
        for (const float value : values) ++starts[digit(value) + 1];
        for (std::size_t i = 1; i < starts.size(); ++i) starts[i] += starts[i - 1];
        for (const float value : values) other[starts[digit(value)]++] = value;
        values.swap(other);
    }
}

}  // namespace

std::vector<float> sortedDistances(std::span<const float> embeddings, int dimension, std::span<const RowPair> pairs) {
    using Row = Eigen::Map<const Eigen::ArrayXf>;
    std::vector<float> distances;
    distances.reserve(pairs.size());
    for (const auto& [first, second] : pairs) {
        const Row a(embeddings.data() + static_cast<std::size_t>(first) * dimension, dimension);
        const Row b(embeddings.data() + static_cast<std::size_t>(second) * dimension, dimension);
        const float distance = std::sqrt((a - b).square().sum());
        if (std::isfinite(distance)) distances.push_back(distance);
    }
    sortDistances(distances);
    return distances;
}

double areaUnderCurve(std::span<const float> similar, std::span<const float> dissimilar) {
    if (similar.empty() || dissimilar.empty()) return 0.5;
    double wins = 0;
    auto notNearer = dissimilar.begin();  // first dissimilar >= the similar one
    auto farther = dissimilar.begin();    // first dissimilar > the similar one
    for (const float distance : similar) {
        while (notNearer != dissimilar.end() && *notNearer < distance) ++notNearer;
        farther = std::max(farther, notNearer);
        while (farther != dissimilar.end() && *farther <= distance) ++farther;
        wins += static_cast<double>(dissimilar.end() - farther) + 0.5 * static_cast<double>(farther - notNearer);
    }
    return wins / (static_cast<double>(similar.size()) * static_cast<double>(dissimilar.size()));
}

}  // namespace embedscope
