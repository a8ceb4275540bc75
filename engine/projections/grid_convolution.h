#pragma once

#include "engine/neighbors/workers.h"

#include <memory>
#include <span>

namespace embedscope {

/// The convolution of a square grid with 1 / (1 + r²), free at the borders, by fast Fourier transforms of twice the
/// side. It answers for cubic B-splines on both sides (Essmann et al. 1995, "A smooth particle mesh Ewald method"):
/// their smoothing is divided out in the same product.
class GridConvolution {
public:
    GridConvolution();
    ~GridConvolution();
    GridConvolution(const GridConvolution&) = delete;
    GridConvolution& operator=(const GridConvolution&) = delete;

    /// The smallest side from `atLeast` on that transforms quickly.
    static std::size_t quickSide(std::size_t atLeast);

    /// @param spacing Of the grid, in units of the map. @return The grid of zeros, rows stride() apart.
    float* begin(std::size_t side, double spacing, Workers& workers);
    std::size_t stride() const;
    /// What begin() returned, convolved.
    void run(Workers& workers);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace embedscope
