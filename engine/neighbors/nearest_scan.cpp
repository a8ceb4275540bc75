#include "engine/neighbors/nearest_scan.h"

#include "engine/neighbors/tile_kernel.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <new>

namespace embedscope {
namespace {

constexpr std::align_val_t kAlignment{64};
constexpr std::size_t kTilesAtOnce = 64;  // 1,024 rows: with their distances they stay in the second-level cache

/// Eight queries one after the other; missing ones repeat the first.
void gatherQueries(SpaceView space, std::span<const std::int32_t> queries, float* out) {
    const auto width = static_cast<std::size_t>(space.dimension);
    for (std::size_t q = 0; q < kTileQueries; ++q)
        std::copy_n(space.row(static_cast<std::size_t>(queries[q < queries.size() ? q : 0])), width, out + q * width);
}

struct Scratch {
    explicit Scratch(int dimension)
        : numbers(
              new (kAlignment) float[kTileQueries * (static_cast<std::size_t>(dimension) + kTilesAtOnce * kTileRows) +
                                     kTileRows]) {}
    ~Scratch() { ::operator delete[](numbers, kAlignment); }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    float* distances() { return numbers; }
    float* queries() { return numbers + kTileQueries * kTilesAtOnce * kTileRows; }
    float* numbers;
};

void takeBelow(std::span<const float> distances, std::int32_t self, std::size_t first,
               std::span<const std::int32_t> names, NearestList& list) {
    for (std::size_t at = 0; at < distances.size(); at += 64) {
        const std::size_t end = std::min(at + 64, distances.size());
        if (end == at + 64 && !anyBelow(distances.data() + at, list.bound())) continue;
        for (std::size_t i = at; i < end; ++i) {
            if (!(distances[i] < list.bound())) continue;
            const std::int32_t row = names.empty() ? static_cast<std::int32_t>(first + i) : names[first + i];
            if (row != self) list.add(distances[i], row);
        }
    }
}

}  // namespace

void TiledRows::Free::operator()(float* memory) const {
    ::operator delete[](memory, kAlignment);
}

TiledRows::TiledRows(SpaceView space, std::span<const std::int32_t> members)
    : count_(members.empty() ? space.count() : members.size()),
      tileCount_((count_ + kTileRows - 1) / kTileRows),
      stride_(static_cast<std::size_t>(space.dimension) * kTileRows),
      tiles_(new (kAlignment) float[std::max<std::size_t>(tileCount_ * stride_, 1)]) {
    const auto width = static_cast<std::size_t>(space.dimension);
    for (std::size_t i = 0; i < tileCount_ * kTileRows; ++i) {
        float* const lane = tiles_.get() + i / kTileRows * stride_ + i % kTileRows;
        const float* const row =
            i < count_ ? space.row(members.empty() ? i : static_cast<std::size_t>(members[i])) : nullptr;
        for (std::size_t k = 0; k < width; ++k)
            lane[k * kTileRows] = row ? row[k] : std::numeric_limits<float>::infinity();
    }
}

void NearestList::clear(std::size_t k) {
    k_ = k;
    bound_ = std::numeric_limits<float>::infinity();
    found_.clear();
    found_.reserve(2 * k + 32);
}

void NearestList::add(float squared, std::int32_t row) {
    found_.push_back({squared, row});
    if (found_.size() >= 2 * k_ + 32) cut();
}

void NearestList::cut() {
    if (found_.size() <= k_) return;
    std::nth_element(found_.begin(), found_.begin() + static_cast<std::ptrdiff_t>(k_) - 1, found_.end());
    found_.resize(k_);
    bound_ = found_.back().squared;
}

void NearestList::write(std::span<std::int32_t> rows, std::span<float> distances) {
    cut();
    std::ranges::sort(found_, std::less<>());
    for (std::size_t i = 0; i < std::min(rows.size(), found_.size()); ++i) {
        rows[i] = found_[i].row;
        distances[i] = std::sqrt(found_[i].squared);
    }
}

std::vector<std::int32_t> namesOfAnotherSpace(std::size_t count) {
    std::vector<std::int32_t> names(count);
    for (std::size_t i = 0; i < count; ++i) names[i] = -1 - static_cast<std::int32_t>(i);
    return names;
}

void scanNearest(SpaceView space, std::span<const std::int32_t> queries, const TiledRows& gallery,
                 std::span<const std::int32_t> names, std::span<NearestList> lists) {
    Scratch scratch(space.dimension);
    for (std::size_t tile = 0; tile < gallery.tileCount(); tile += kTilesAtOnce) {
        const std::size_t tiles = std::min(kTilesAtOnce, gallery.tileCount() - tile);
        const std::size_t rows = std::min(tiles * kTileRows, gallery.count() - tile * kTileRows);
        for (std::size_t query = 0; query < queries.size(); query += kTileQueries) {
            const auto some = queries.subspan(query, std::min(kTileQueries, queries.size() - query));
            gatherQueries(space, some, scratch.queries());
            tileDistances(scratch.queries(), gallery.tile(tile), tiles, space.dimension, scratch.distances());
            for (std::size_t q = 0; q < some.size(); ++q)
                takeBelow({scratch.distances() + q * tiles * kTileRows, rows}, some[q], tile * kTileRows, names,
                          lists[query + q]);
        }
    }
}

}  // namespace embedscope
