#pragma once

#include <cstddef>

namespace embedscope {

inline constexpr std::size_t kTileRows = 16;    ///< Rows that lie side by side, a coordinate after the other.
inline constexpr std::size_t kTileQueries = 8;  ///< Queries that share one pass over the tiles.

/// Squared distances of eight queries to all rows of the tiles; by differences, so that duplicates are at 0.
/// @param queries [kTileQueries, dimension]. @param tiles [tileCount, dimension, kTileRows], aligned to 64 bytes.
/// @param out [kTileQueries, tileCount * kTileRows], aligned to 64 bytes.
void tileDistances(const float* queries, const float* tiles, std::size_t tileCount, int dimension, float* out);

/// Of one pair of rows.
float squaredDistance(const float* a, const float* b, int dimension);

/// True if one of 64 numbers is below `bound`.
bool anyBelow(const float* numbers, float bound);

}  // namespace embedscope
