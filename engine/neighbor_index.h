#pragma once

#include "engine/neighbors.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <vector>

namespace embedscope {

struct IndexSettings {
    int links = 16;                 ///< Of a point in the graph; more finds more and takes more memory.
    int construction = 100;         ///< Points looked at when one is added.
    int search = 64;                ///< Points looked at by a query; recall grows with it.
    std::size_t exactUpTo = 2'000;  ///< So few rows are searched one by one instead.
    std::uint64_t seed = 1;         ///< Of the graph's levels.
};

/// Who is near whom among fixed rows, by Euclidean distance: exact for few rows, approximate for many. Immutable; any
/// thread may search. The same rows and settings give the same answers.
class NeighborIndex {
public:
    /// Blocks: about 10 s for 50,000 x 64. @param rows [N, dimension] row-major; rows that are not finite are never
    /// found. @return null if stopped.
    static std::shared_ptr<const NeighborIndex> build(std::vector<float> rows, int dimension,
                                                      const IndexSettings& settings, const std::stop_token& stop);
    ~NeighborIndex();

    std::size_t count() const;
    int dimension() const;
    bool exact() const;
    std::span<const float> row(std::size_t index) const;

    /// True for rows that a query must not return.
    using Excluded = std::function<bool(std::int32_t)>;

    /// The k nearest rows that are not excluded, nearest first; ties: the lower row first. Where most near rows are
    /// excluded it looks at all of them instead of at ever more of the graph.
    std::vector<Neighbor> nearest(std::span<const float> query, int k, const Excluded& excluded = {}) const;
    /// The same by looking at every row.
    std::vector<Neighbor> nearestExact(std::span<const float> query, int k, const Excluded& excluded = {}) const;

    /// Share of the true k nearest others that nearest() finds, over `queries` of the rows, evenly spread; 1 if exact.
    double recallAt(int k, std::size_t queries, const std::stop_token& stop) const;

private:
    struct Impl;
    explicit NeighborIndex(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace embedscope
