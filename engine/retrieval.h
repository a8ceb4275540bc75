#pragma once

#include <cstdint>
#include <span>
#include <stop_token>

namespace embedscope {

/// Recall@1 (= Precision@1 = CMC@1): share of queries whose nearest other sample (Euclidean, self excluded) has their
/// label; ties: the lowest row. Unlabelled samples are left out, as queries and as neighbours; so are queries alone in
/// their class. A row that is not finite is a miss. Exact on all cores; blocked: O(N) memory.
/// @param embeddings [N, dimension] row-major. @return NaN if there is no query or if stopped.
double recallAt1(std::span<const float> embeddings, int dimension, std::span<const std::int32_t> labels,
                 std::stop_token stop = {});

}  // namespace embedscope
