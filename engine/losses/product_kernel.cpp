#include "engine/losses/product_kernel.h"

#include "engine/losses/processor_clones.h"

#include <algorithm>
#include <cstring>

namespace embedscope {
namespace {

template <typename Scalar>
[[gnu::always_inline]] inline void panelKernel(const PanelProduct& shape, const Scalar* panel, const Scalar* tiles,
                                               Scalar* out) {
    using Lanes __attribute__((vector_size(64), may_alias)) = Scalar;
    constexpr std::int64_t kColumns = kTileColumns<Scalar>;
    for (std::int64_t first = 0; first < shape.columns; first += kColumns, tiles += shape.depth * kColumns) {
        const auto* lines = reinterpret_cast<const Lanes*>(tiles);
        Lanes sums[kPanelRows] = {};
        for (std::int64_t k = 0; k < shape.depth; ++k) {
            const Lanes line = lines[k];
            const Scalar* row = panel + k * kPanelRows;
            sums[0] += line * row[0];
            sums[1] += line * row[1];
            sums[2] += line * row[2];
            sums[3] += line * row[3];
            sums[4] += line * row[4];
            sums[5] += line * row[5];
        }
        const auto bytes = static_cast<std::size_t>(std::min(kColumns, shape.columns - first)) * sizeof(Scalar);
        for (std::int64_t r = 0; r < shape.rows; ++r) {
            Scalar* place = out + r * shape.stride + first;
            Lanes before{};
            if (shape.add) std::memcpy(&before, place, bytes);
            const Lanes sum = before + sums[r];
            std::memcpy(place, &sum, bytes);
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
