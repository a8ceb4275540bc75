#pragma once

#include <array>
#include <cstddef>

namespace embedscope {

/// Queries that share one pass over the tiles: enough to be bound by arithmetic, few enough for the registers.
inline constexpr std::size_t kKernelQueries = 4;

/// Rows in a tile: one 64-byte line of numbers.
template <typename Scalar>
inline constexpr std::size_t kLanes = 64 / sizeof(Scalar);

/// Squared Euclidean distances of four queries to all rows of the tiles.
///
/// By differences, not by |x|² + |y|² - 2xy: duplicates are at exactly 0, nothing cancels when an embedding has
/// collapsed, and the sum runs over the coordinates in order, so a pair's distance has the same bits wherever it lies
/// and whichever instructions the processor has. With AVX-512 it is as quick as an SSE matrix product.
///
/// @param tiles [tileCount, dimension, kLanes], aligned to 64 bytes.
/// @param out Four times [tileCount * kLanes].
void squaredDistances(const std::array<const float*, kKernelQueries>& queries, const float* tiles,
                      std::size_t tileCount, int dimension, const std::array<float*, kKernelQueries>& out);
void squaredDistances(const std::array<const double*, kKernelQueries>& queries, const double* tiles,
                      std::size_t tileCount, int dimension, const std::array<double*, kKernelQueries>& out);

}  // namespace embedscope
