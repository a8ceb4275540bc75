#pragma once

#include "engine/evaluation/distance_kernel.h"

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace embedscope {

/// Rows among which neighbours are searched, laid out for the distance kernel. float, or double where a test wants it.
template <typename Scalar>
class Gallery {
public:
    /// @param embeddings [N, dimension] row-major; rows with a negative label are left out. Must outlive the gallery.
    /// @param scale A power of two that brings all numbers into [-1, 1], see scaleFor().
    Gallery(std::span<const Scalar> embeddings, int dimension, std::span<const std::int32_t> labels, double scale);

    std::size_t size() const { return rows_.size(); }
    int dimension() const { return dimension_; }
    /// Of entry i: its row of the embeddings, and its label.
    std::size_t row(std::size_t i) const { return rows_[i]; }
    std::int32_t label(std::size_t i) const { return labels_[i]; }
    std::span<const std::int32_t> labels() const { return labels_; }
    /// Entries with this label.
    std::size_t countOf(std::int32_t label) const;
    double scale() const { return scale_; }

    /// Squared distances, times scale², of queries to all entries; infinite for entries that are not finite.
    /// @param queries Rows [dimension] of the caller's own numbers, which must be finite.
    /// @param out Becomes [queries, stride()] or longer; the entries of a query come first in its line.
    void squaredDistances(std::span<const Scalar* const> queries, std::vector<Scalar>& out) const;
    std::size_t stride() const { return tiles_.size() / static_cast<std::size_t>(dimension_) * kLanes<Scalar>; }

private:
    struct alignas(64) Line {
        Scalar numbers[kLanes<Scalar>];
    };
    void fillTiles(std::span<const Scalar> embeddings);

    int dimension_;
    double scale_;
    std::vector<std::size_t> rows_;
    std::vector<std::int32_t> labels_;
    std::vector<std::pair<std::int32_t, std::size_t>> counts_;  ///< By label.
    std::vector<Line> tiles_;                                   ///< [tiles, dimension]
};

/// The power of two that brings the finite rows' numbers into [-1, 1]: squares then neither overflow nor vanish, and a
/// power of two keeps ties.
template <typename Scalar>
double scaleFor(std::span<const Scalar> embeddings);

template <typename Scalar>
bool isFinite(std::span<const Scalar> row);

}  // namespace embedscope
