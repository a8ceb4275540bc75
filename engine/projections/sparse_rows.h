#pragma once

#include "engine/neighbors/neighbor_graph.h"

#include <cstdint>
#include <functional>
#include <vector>

namespace embedscope {

/// A sparse symmetric matrix by rows, both halves stored, columns rising within a row.
template <typename Scalar>
struct SparseRows {
    std::vector<std::uint32_t> begins{0};  ///< [count + 1]
    std::vector<std::int32_t> columns;
    std::vector<Scalar> values;
    std::size_t count() const { return begins.size() - 1; }
};

/// combine(a, b) of the weight a on the way there and b on the way back, 0 where a way does not exist; symmetric in
/// both. @param weights [count, k] beside the graph's rows.
SparseRows<float> symmetrized(const NeighborGraph& graph, const std::vector<float>& weights,
                              const std::function<float(float, float)>& combine, Workers& workers);

/// How much two symmetric matrices differ: half the sum of |a - b| over the larger sum, 0 equal, 1 nothing in common.
float changedShare(const SparseRows<float>& a, const SparseRows<float>& b);

}  // namespace embedscope
