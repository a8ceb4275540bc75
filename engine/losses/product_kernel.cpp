#include "engine/losses/product_kernel.h"

#include "engine/processor_clones.h"

#include <algorithm>
#include <cstring>

namespace embedscope {
namespace {

template <typename Scalar>
[[gnu::always_inline]] inline void panelKernel(const PanelProduct& shape, const Scalar* panel, const Scalar* tiles,
                                               Scalar* out) {
    using Lanes __attribute__((vector_size(kVectorBytes), may_alias)) = Scalar;
    constexpr std::int64_t kColumns = kTileColumns<Scalar>;
    for (std::int64_t first = 0; first < shape.columns; first += kColumns, tiles += shape.depth * kColumns) {
        const auto* line = reinterpret_cast<const Lanes*>(tiles);
        const Scalar* row = panel;
        // Twelve sums, a line of two vectors and a number of the panel: all sixteen registers but one.
        Lanes a0{}, a1{}, a2{}, a3{}, a4{}, a5{}, b0{}, b1{}, b2{}, b3{}, b4{}, b5{};
        for (std::int64_t k = 0; k < shape.depth; ++k, line += 2, row += kPanelRows) {
            const Lanes a = line[0], b = line[1];
            a0 += a * row[0];
            b0 += b * row[0];
            a1 += a * row[1];
            b1 += b * row[1];
            a2 += a * row[2];
            b2 += b * row[2];
            a3 += a * row[3];
            b3 += b * row[3];
            a4 += a * row[4];
            b4 += b * row[4];
            a5 += a * row[5];
            b5 += b * row[5];
        }
        const Lanes sums[kPanelRows][2] = {{a0, b0}, {a1, b1}, {a2, b2}, {a3, b3}, {a4, b4}, {a5, b5}};
        const std::int64_t width = std::min(kColumns, shape.columns - first);
        for (std::int64_t r = 0; r < shape.rows; ++r) {
            Scalar* place = out + r * shape.stride + first;
            const auto* sum = reinterpret_cast<const Scalar*>(sums[r]);
            if (shape.add)
                for (std::int64_t c = 0; c < width; ++c) place[c] += sum[c];
            else
                std::memcpy(place, sum, static_cast<std::size_t>(width) * sizeof(Scalar));
        }
    }
}

template <typename Scalar>
[[gnu::always_inline]] inline bool squaresKernel(Scalar normOfRow, const Scalar* norms, std::int64_t count,
                                                 Scalar cancels, Scalar* line) {
    std::int32_t lost = 0;
    for (std::int64_t j = 0; j < count; ++j) {
        const Scalar both = normOfRow + norms[j];
        line[j] = both - 2 * line[j];
        lost |= line[j] < cancels * both;
    }
    return lost != 0;
}

}  // namespace

EMBEDSCOPE_CLONES
void multiplyPanel(const PanelProduct& shape, const float* panel, const float* tiles, float* out) {
    panelKernel(shape, panel, tiles, out);
}

EMBEDSCOPE_CLONES
void multiplyPanel(const PanelProduct& shape, const double* panel, const double* tiles, double* out) {
    panelKernel(shape, panel, tiles, out);
}

EMBEDSCOPE_CLONES
bool squaresOfRow(float normOfRow, const float* norms, std::int64_t count, float cancels, float* line) {
    return squaresKernel(normOfRow, norms, count, cancels, line);
}

EMBEDSCOPE_CLONES
bool squaresOfRow(double normOfRow, const double* norms, std::int64_t count, double cancels, double* line) {
    return squaresKernel(normOfRow, norms, count, cancels, line);
}

}  // namespace embedscope
