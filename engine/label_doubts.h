#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

namespace embedscope {

/// A sample whose neighbours agree on another class than its label: its label may be wrong.
struct LabelDoubt {
    std::int32_t row = 0;
    std::int32_t suggested = 0;  ///< The class of most neighbours.
    float share = 0;             ///< Of the neighbours that are of this class, 0..1.
};

struct LabelDoubts {
    std::vector<LabelDoubt> doubts;  ///< The surest first; equally sure ones by row.
    std::size_t checked = 0;         ///< Labelled, finite rows.
    std::size_t backed = 0;          ///< Of these, whose label at least half of the neighbours have.

    /// Where neighbours back fewer than a third of the labels, the classes are not told apart (yet), and that
    /// neighbours are of another class says nothing about a label.
    bool areNeighborsWitnesses() const { return 3 * backed > checked; }
};

/// Asks the k = 10 nearest other labelled rows (Euclidean) of each labelled row: in doubt is a label that at most one
/// of them has, while at least half are of one other class. Exact, on all cores; O(N²): thin large sets before.
/// @param embeddings [N, dimension] row-major. @param labels [N] -1: unlabelled. @return nothing if stopped.
std::optional<LabelDoubts> doubtedLabels(std::span<const float> embeddings, int dimension,
                                         std::span<const std::int32_t> labels, std::stop_token stop = {});

}  // namespace embedscope
