#include "engine/projections/place_points.h"

#include "engine/neighbors/nearest_scan.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

// The start of new points in openTSNE (Poličar, Stražar, Zupan 2024) is the median of their neighbours in the map; here
// it is a mode, found as by mean shift (Fukunaga, Hostetler 1975) with the kernel of t-SNE.

namespace embedscope {
namespace {

constexpr std::size_t kNeighbors = 15;
constexpr std::size_t kRowsAtOnce = 64;
constexpr int kMostRounds = 50;
constexpr float kStill = 1e-4F;  // of the kernel's width
constexpr float kOnIt = 1e-6F;   // of the mean distance: nearer is the same point
constexpr float kWidth = 2;      // of the kernel, in distances to the nearest neighbour on the map

using Place = std::array<float, 3>;  // the third is 0 in a plane

float squaredDistance(const Place& a, const Place& b) {
    float sum = 0;
    for (std::size_t d = 0; d < 3; ++d) sum += (a[d] - b[d]) * (a[d] - b[d]);
    return sum;
}

/// Of what is drawn around: the median distance of the neighbours to the next of them. 0 if they all lie together.
float spacingOf(const std::vector<Place>& places) {
    std::vector<float> nearest;
    for (const Place& place : places) {
        float least = std::numeric_limits<float>::max();
        for (const Place& other : places)
            if (const float squared = squaredDistance(place, other); squared > 0) least = std::min(least, squared);
        if (least < std::numeric_limits<float>::max()) nearest.push_back(std::sqrt(least));
    }
    if (nearest.empty()) return 0;
    const auto middle = nearest.begin() + static_cast<std::ptrdiff_t>(nearest.size() / 2);
    std::ranges::nth_element(nearest, middle);
    return *middle;
}

/// Sum of w / (1 + d² / width²) at a place, and where its mean shift leads.
float pulled(const std::vector<Place>& places, const std::vector<float>& weights, float width, const Place& at,
             Place& next) {
    float sum = 0;
    next = {};
    for (std::size_t j = 0; j < places.size(); ++j) {
        const float pull = weights[j] / (1 + squaredDistance(at, places[j]) / (width * width));
        for (std::size_t d = 0; d < 3; ++d) next[d] += pull * places[j][d];
        sum += pull;
    }
    for (float& value : next) value /= sum;
    return sum;
}

Place modeOf(const std::vector<Place>& places, const std::vector<float>& weights) {
    const float width = kWidth * spacingOf(places);
    if (!(width > 0)) return places.front();
    Place best = places.front(), next{};
    float most = 0;
    for (const Place& place : places)
        if (const float density = pulled(places, weights, width, place, next); density > most) {
            most = density;
            best = place;
        }
    for (int round = 0; round < kMostRounds; ++round) {
        pulled(places, weights, width, best, next);
        const bool still = squaredDistance(best, next) < kStill * width * kStill * width;
        best = next;
        if (still) break;
    }
    return best;
}

struct Nearest {
    std::vector<std::int32_t> rows;
    std::vector<float> distances;
};

Place placeAmong(const Nearest& nearest, std::span<const float> map, std::size_t dims) {
    std::vector<Place> places(nearest.rows.size());
    for (std::size_t j = 0; j < places.size(); ++j) {
        places[j] = {};
        std::copy_n(map.begin() + nearest.rows[j] * static_cast<std::ptrdiff_t>(dims), dims, places[j].begin());
    }
    const auto count = static_cast<float>(places.size());
    const float mean = std::accumulate(nearest.distances.begin(), nearest.distances.end(), 0.0F) / count;
    if (nearest.distances.front() <= kOnIt * mean) return places.front();
    std::vector<float> weights(places.size());
    std::ranges::transform(nearest.distances, weights.begin(), [](float distance) { return 1 / distance; });
    return modeOf(places, weights);
}

}  // namespace

std::vector<float> placedAmong(SpaceView known, std::span<const float> map, int dims, SpaceView rows, Workers& workers,
                               std::stop_token stop) {
    const auto width = static_cast<std::size_t>(dims);
    std::vector<float> result(rows.count() * width);
    if (known.count() == 0 || rows.count() == 0) return result;
    const TiledRows gallery(known, {});
    const std::vector<std::int32_t> names = namesOfAnotherSpace(gallery.count());
    const std::size_t neighbors = std::min(kNeighbors, known.count());
    workers.forBlocks(rows.count(), kRowsAtOnce, [&](std::size_t begin, std::size_t end) {
        if (stop.stop_requested()) return;
        std::vector<std::int32_t> queries(end - begin);
        std::iota(queries.begin(), queries.end(), static_cast<std::int32_t>(begin));
        std::vector<NearestList> lists(queries.size());
        for (NearestList& list : lists) list.clear(neighbors);
        scanNearest(rows, queries, gallery, names, lists);
        Nearest nearest{std::vector<std::int32_t>(neighbors), std::vector<float>(neighbors)};
        for (std::size_t q = 0; q < lists.size(); ++q) {
            lists[q].write(nearest.rows, nearest.distances);
            std::ranges::transform(nearest.rows, nearest.rows.begin(), rowNamed);
            const Place place = placeAmong(nearest, map, width);
            std::copy_n(place.begin(), width, result.begin() + static_cast<std::ptrdiff_t>((begin + q) * width));
        }
    });
    if (stop.stop_requested()) return {};
    return result;
}

}  // namespace embedscope
