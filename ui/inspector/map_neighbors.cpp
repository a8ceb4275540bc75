#include "ui/inspector/map_neighbors.h"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace embedscope {

std::vector<Neighbor> nearestOnMap(const Layout& layout, std::size_t row, int k) {
    const auto square = [](float a, float b) { return (a - b) * (a - b); };
    const std::vector<float>& at = layout.coordinates;
    std::vector<Neighbor> others;
    others.reserve(layout.samples->size());
    for (std::size_t i = 0; i < layout.samples->size(); ++i) {
        if (i == row) continue;
        float distance = square(at[2 * i], at[2 * row]) + square(at[2 * i + 1], at[2 * row + 1]);
        if (!layout.depths.empty()) distance += square(layout.depths[i], layout.depths[row]);
        if (std::isfinite(distance)) others.push_back({static_cast<std::int32_t>(i), distance});
    }
    const auto end = others.begin() + std::min<std::ptrdiff_t>(k, static_cast<std::ptrdiff_t>(others.size()));
    std::partial_sort(others.begin(), end, others.end(), [](const Neighbor& a, const Neighbor& b) {
        return std::tie(a.distance, a.row) < std::tie(b.distance, b.row);
    });
    others.erase(end, others.end());
    for (Neighbor& neighbor : others) neighbor.distance = std::sqrt(neighbor.distance);
    return others;
}

}  // namespace embedscope
