#include "engine/neighbors.h"

#include <Eigen/Core>

#include <algorithm>
#include <cassert>
#include <cmath>

namespace embedscope {
namespace {

using Row = Eigen::Map<const Eigen::ArrayXf>;

/// @param left Out of the rows; their count: none.
std::vector<Neighbor> nearest(const BankFrame& bank, std::span<const float> point, int k, std::size_t left) {
    assert(bank.embeddings.size() == bank.count() * static_cast<std::size_t>(bank.dimension));
    const Row query(point.data(), bank.dimension);
    std::vector<Neighbor> others;
    others.reserve(bank.count());
    for (std::size_t i = 0; i < bank.count(); ++i) {
        if (i == left) continue;
        // Differences rather than products: a duplicate is at distance 0 exactly.
        const float squared = (query - Row(bank.row(i).data(), bank.dimension)).square().sum();
        if (!std::isnan(squared)) others.push_back({static_cast<std::int32_t>(i), std::sqrt(squared)});
    }
    const auto nearer = [](const Neighbor& a, const Neighbor& b) {
        return a.distance != b.distance ? a.distance < b.distance : a.row < b.row;
    };
    const std::size_t kept = std::min(others.size(), static_cast<std::size_t>(std::max(k, 0)));
    std::ranges::partial_sort(others, others.begin() + static_cast<std::ptrdiff_t>(kept), nearer);
    others.resize(kept);
    return others;
}

}  // namespace

std::vector<Neighbor> nearestNeighbors(const BankFrame& bank, std::size_t row, int k) {
    assert(row < bank.count());
    return nearest(bank, bank.row(row), k, row);
}

std::vector<Neighbor> nearestTo(const BankFrame& bank, std::span<const float> point, int k) {
    assert(point.size() == static_cast<std::size_t>(bank.dimension));
    return nearest(bank, point, k, bank.count());
}

}  // namespace embedscope
