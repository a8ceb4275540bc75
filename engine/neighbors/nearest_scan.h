#pragma once

#include "engine/neighbors/neighbor_graph.h"

#include <memory>

namespace embedscope {

/// Rows laid out in tiles for the kernel, padded with rows that are infinitely far.
class TiledRows {
public:
    /// @param members Rows of `space` in the order of the tiles; empty: all.
    TiledRows(SpaceView space, std::span<const std::int32_t> members);

    std::size_t count() const { return count_; }
    std::size_t tileCount() const { return tileCount_; }
    const float* tile(std::size_t i) const { return tiles_.get() + i * stride_; }

private:
    struct Free {
        void operator()(float* memory) const;
    };
    std::size_t count_ = 0, tileCount_ = 0, stride_ = 0;
    std::unique_ptr<float[], Free> tiles_;
};

/// The k nearest of one query so far: candidates come in unsorted, the farther half is thrown out when there are many.
class NearestList {
public:
    void clear(std::size_t k);
    float bound() const { return bound_; }
    void add(float squared, std::int32_t row);
    /// Sorted by distance, then row. @param distances Of Euclid. Both are as long as k.
    void write(std::span<std::int32_t> rows, std::span<float> distances);
    std::size_t size() const { return found_.size(); }

private:
    struct Found {
        float squared;
        std::int32_t row;
        bool operator<(const Found& other) const {
            return squared != other.squared ? squared < other.squared : row < other.row;
        }
    };
    void cut();

    std::size_t k_ = 0;
    float bound_ = 0;
    std::vector<Found> found_;
};

/// Names for a gallery of another space than the queries': none of them is a query itself. rowNamed() turns them back.
std::vector<std::int32_t> namesOfAnotherSpace(std::size_t count);
constexpr std::int32_t rowNamed(std::int32_t name) {
    return -1 - name;
}

/// Puts the rows of `gallery` nearest to each of `queries` (rows of `space`) into `lists`, themselves left out.
/// @param names The row of `space` that a row of the gallery is; empty: its own number.
void scanNearest(SpaceView space, std::span<const std::int32_t> queries, const TiledRows& gallery,
                 std::span<const std::int32_t> names, std::span<NearestList> lists);

}  // namespace embedscope
