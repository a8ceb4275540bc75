#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

namespace embedscope {

/// The silhouette of every labelled, finite row in order; float, and double for the reference.
/// @return nothing if stopped; empty with fewer than two classes.
template <typename Scalar>
std::optional<std::vector<double>> silhouettes(std::span<const Scalar> embeddings, int dimension,
                                               std::span<const std::int32_t> labels, std::stop_token stop);

}  // namespace embedscope
