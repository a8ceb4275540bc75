#include "engine/projections/grid_kernels.h"

#include "engine/processor_clones.h"

namespace embedscope {
namespace {

/// The four cubic B-splines that are not zero at `t` of a cell.
[[gnu::always_inline]] inline void splines(float t, float* weights) {
    const float u = 1 - t, sixth = 1.0F / 6;
    weights[0] = u * u * u * sixth;
    weights[1] = (3 * t * t * t - 6 * t * t + 4) * sixth;
    weights[2] = (3 * u * u * u - 6 * u * u + 4) * sixth;
    weights[3] = t * t * t * sixth;
}

[[gnu::always_inline]] inline void slopes(float t, float* weights) {
    const float u = 1 - t;
    weights[0] = -u * u / 2;
    weights[1] = (3 * t * t - 4 * t) / 2;
    weights[2] = -(3 * u * u - 4 * u) / 2;
    weights[3] = t * t / 2;
}

}  // namespace

EMBEDSCOPE_CLONES
void spreadPoints(const GridView& grid, const float* x, const float* y, const std::uint32_t* which, std::size_t count) {
    for (std::size_t n = 0; n < count; ++n) {
        const std::uint32_t i = which[n];
        const float gx = (x[i] - grid.left) * grid.perUnit, gy = (y[i] - grid.bottom) * grid.perUnit;
        const int cx = static_cast<int>(gx), cy = static_cast<int>(gy);
        float wx[4], wy[4];
        splines(gx - static_cast<float>(cx), wx);
        splines(gy - static_cast<float>(cy), wy);
        float* const corner = grid.nodes + static_cast<std::size_t>(cy - 1) * grid.stride + cx - 1;
        for (int a = 0; a < 4; ++a)
            for (int b = 0; b < 4; ++b) corner[static_cast<std::size_t>(a) * grid.stride + b] += wy[a] * wx[b];
    }
}

EMBEDSCOPE_CLONES
double gatherForces(const GridView& grid, const float* x, const float* y, const std::uint32_t* which, std::size_t count,
                    float* forceX, float* forceY) {
    double sum = 0;
    for (std::size_t n = 0; n < count; ++n) {
        const std::uint32_t i = which[n];
        const float gx = (x[i] - grid.left) * grid.perUnit, gy = (y[i] - grid.bottom) * grid.perUnit;
        const int cx = static_cast<int>(gx), cy = static_cast<int>(gy);
        float wx[4], wy[4], sx[4], sy[4];
        splines(gx - static_cast<float>(cx), wx);
        splines(gy - static_cast<float>(cy), wy);
        slopes(gx - static_cast<float>(cx), sx);
        slopes(gy - static_cast<float>(cy), sy);
        const float* const corner = grid.nodes + static_cast<std::size_t>(cy - 1) * grid.stride + cx - 1;
        float value = 0, alongX = 0, alongY = 0;
        for (int a = 0; a < 4; ++a) {
            float rowValue = 0, rowSlope = 0;
            for (int b = 0; b < 4; ++b) {
                const float node = corner[static_cast<std::size_t>(a) * grid.stride + b];
                rowValue += wx[b] * node;
                rowSlope += sx[b] * node;
            }
            value += wy[a] * rowValue;
            alongX += wy[a] * rowSlope;
            alongY += sy[a] * rowValue;
        }
        forceX[i] = -alongX * grid.perUnit / 2;
        forceY[i] = -alongY * grid.perUnit / 2;
        sum += static_cast<double>(value);
    }
    return sum;
}

EMBEDSCOPE_CLONES
void multiplyComplexColumns(float* complexNumbers, const float* factors, std::size_t rows, std::size_t columns,
                            std::size_t batch) {
    for (std::size_t i = 0; i < rows; ++i) {
        float* const numbers = complexNumbers + 2 * i * columns;
        const float* const factor = factors + i * columns;
        for (std::size_t k = 0; k < batch; ++k) {
            numbers[2 * k] *= factor[k];
            numbers[2 * k + 1] *= factor[k];
        }
    }
}

}  // namespace embedscope
