#pragma once

#include <cstdint>

namespace embedscope {

/// Rows of a panel: as many as keep their sums in the registers of AVX2.
inline constexpr std::int64_t kPanelRows = 6;

/// Columns of a tile: one 64-byte line of numbers.
template <typename Scalar>
inline constexpr std::int64_t kTileColumns = 64 / static_cast<std::int64_t>(sizeof(Scalar));

/// Up to six rows of a matrix product. Every sum runs over the depth in order, so that an entry has the same bits
/// whichever thread, panel or tile it falls into, and a product of rows with themselves is symmetric to the bit.
/// @param panel [depth, kPanelRows]. @param tiles [columns / kTileColumns, depth, kTileColumns], the last one filled
/// up with zeros, aligned to 64 bytes. @param out Row-major, rows `stride` apart; `rows` x `columns` are written.
/// @param add To what stands in `out`, instead of replacing it.
struct PanelProduct {
    std::int64_t rows, columns, depth, stride;
    bool add;
};
void multiplyPanel(const PanelProduct& shape, const float* panel, const float* tiles, float* out);
void multiplyPanel(const PanelProduct& shape, const double* panel, const double* tiles, double* out);

/// Turns products x·y of one row x with others into squared distances, |x|² + |y|² - 2 x·y.
/// @return whether any of them lost most of its digits: is below `cancels` of |x|² + |y|².
bool squaresOfRow(float normOfRow, const float* norms, std::int64_t count, float cancels, float* line);
bool squaresOfRow(double normOfRow, const double* norms, std::int64_t count, double cancels, double* line);

}  // namespace embedscope
