#include "engine/evaluation/gallery.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <map>

namespace embedscope {

template <typename Scalar>
bool isFinite(std::span<const Scalar> row) {
    return std::ranges::all_of(row, [](Scalar value) { return std::isfinite(value); });
}

template <typename Scalar>
double scaleFor(std::span<const Scalar> embeddings) {
    double largest = 0;
    for (const Scalar value : embeddings)
        if (std::isfinite(value)) largest = std::max(largest, std::abs(static_cast<double>(value)));
    return largest > 0 ? std::exp2(-std::ceil(std::log2(largest))) : 1;
}

template <typename Scalar>
Gallery<Scalar>::Gallery(std::span<const Scalar> embeddings, int dimension, std::span<const std::int32_t> labels,
                         double scale)
    : dimension_(dimension), scale_(scale) {
    assert(dimension > 0 && embeddings.size() == labels.size() * static_cast<std::size_t>(dimension));
    std::map<std::int32_t, std::size_t> counts;
    for (std::size_t row = 0; row < labels.size(); ++row) {
        if (labels[row] < 0) continue;
        rows_.push_back(row);
        labels_.push_back(labels[row]);
        ++counts[labels[row]];
    }
    counts_.assign(counts.begin(), counts.end());
    fillTiles(embeddings);
}

template <typename Scalar>
void Gallery<Scalar>::fillTiles(std::span<const Scalar> embeddings) {
    constexpr std::size_t kWide = kLanes<Scalar>;
    constexpr Scalar kFar = std::numeric_limits<Scalar>::infinity();
    const auto dimension = static_cast<std::size_t>(dimension_);
    tiles_.resize((size() + kWide - 1) / kWide * dimension);
    for (std::size_t i = 0; i < tiles_.size() / dimension * kWide; ++i) {
        const auto row = i < size() ? embeddings.subspan(rows_[i] * dimension, dimension) : std::span<const Scalar>();
        const bool there = !row.empty() && isFinite(row);
        Line* const tile = tiles_.data() + i / kWide * dimension;
        for (std::size_t k = 0; k < dimension; ++k)
            tile[k].numbers[i % kWide] = there ? static_cast<Scalar>(row[k] * scale_) : kFar;
    }
}

template <typename Scalar>
std::size_t Gallery<Scalar>::countOf(std::int32_t label) const {
    const auto found = std::ranges::lower_bound(counts_, label, {}, [](const auto& entry) { return entry.first; });
    return found != counts_.end() && found->first == label ? found->second : 0;
}

template <typename Scalar>
void Gallery<Scalar>::squaredDistances(std::span<const Scalar* const> queries, std::vector<Scalar>& out) const {
    // Tiles that stay in the second-level cache while all queries pass; without this, memory is the limit.
    constexpr std::size_t kCached = 256 * 1024;
    const auto dimension = static_cast<std::size_t>(dimension_);
    const std::size_t tiles = tiles_.size() / dimension;
    const std::size_t chunk = std::max<std::size_t>(1, kCached / (dimension * sizeof(Line)));
    const std::size_t groups = (queries.size() + kKernelQueries - 1) / kKernelQueries;
    std::vector<Scalar> scaled(groups * kKernelQueries * dimension);
    for (std::size_t q = 0; q < queries.size(); ++q)
        for (std::size_t k = 0; k < dimension; ++k)
            scaled[q * dimension + k] = static_cast<Scalar>(queries[q][k] * scale_);
    out.resize(groups * kKernelQueries * stride());
    for (std::size_t first = 0; first < tiles; first += chunk)
        for (std::size_t group = 0; group < groups; ++group) {
            std::array<const Scalar*, kKernelQueries> from{};
            std::array<Scalar*, kKernelQueries> to{};
            for (std::size_t q = 0; q < kKernelQueries; ++q) {
                from[q] = scaled.data() + (group * kKernelQueries + q) * dimension;
                to[q] = out.data() + (group * kKernelQueries + q) * stride() + first * kLanes<Scalar>;
            }
            embedscope::squaredDistances(from, tiles_[first * dimension].numbers, std::min(chunk, tiles - first),
                                         dimension_, to);
        }
}

template class Gallery<float>;
template class Gallery<double>;
template double scaleFor<float>(std::span<const float>);
template double scaleFor<double>(std::span<const double>);
template bool isFinite<float>(std::span<const float>);
template bool isFinite<double>(std::span<const double>);

}  // namespace embedscope
