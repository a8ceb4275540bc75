#pragma once

#include <cstddef>
#include <cstdint>

namespace embedscope {

/// A square grid under a map: the point (x, y) lies at ((x - left) / spacing, (y - bottom) / spacing).
struct GridView {
    float* nodes;
    std::size_t stride;
    float left, bottom, perUnit;
};

/// A unit charge on the 4 x 4 nodes around each of `which` points, by cubic B-splines.
void spreadPoints(const GridView& grid, const float* x, const float* y, const std::uint32_t* which, std::size_t count);

/// force = minus half the gradient of what the nodes say, for `which` points. @return The sum of its values.
double gatherForces(const GridView& grid, const float* x, const float* y, const std::uint32_t* which, std::size_t count,
                    float* forceX, float* forceY);

/// Multiplies `batch` neighbouring columns of complex numbers by real ones.
void multiplyComplexColumns(float* complexNumbers, const float* factors, std::size_t rows, std::size_t columns,
                            std::size_t batch);

}  // namespace embedscope
