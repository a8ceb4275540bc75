#include "engine/projections/grid_convolution.h"
#include "engine/projections/grid_kernels.h"
#include "engine/projections/tsne_forces.h"

#include <algorithm>
#include <cassert>
#include <cmath>

// The idea of a grid: Linderman et al. 2019 ("Fast interpolation-based t-SNE"). They convolve four charges with the
// squared kernel. Here one charge is convolved with the kernel itself: its value gives Z and its gradient the force,
// so that a step takes one transform there and one back; cubic splines make the gradient smooth, and a spacing that
// changes in powers of two keeps the kernel's spectrum from step to step.

namespace embedscope {
namespace {

constexpr double kSpacing = 0.375;    // the kernel's width is 1; forces are then right to about a percent
constexpr double kLeastNodes = 48;    // across the map while it is small
constexpr double kMostNodes = 1'500;  // 100 MB; wider maps get a coarser grid
constexpr double kSmall = 0.05;       // side of a map in which the kernel is 1 - r² to single precision
constexpr std::size_t kMargin = 4;    // nodes that the splines reach beyond the points
constexpr std::size_t kRowsAtOnce = 512;

struct Box {
    float left, bottom;
    double side;
};

Box boxOf(const MapPoints<float>& points) {
    const auto [left, right] = std::ranges::minmax_element(points.axis[0]);
    const auto [bottom, top] = std::ranges::minmax_element(points.axis[1]);
    return {*left, *bottom, static_cast<double>(std::max(*right - *left, *top - *bottom))};
}

double spacingFor(double side) {
    const double fine = std::min(1.0, side / (kSpacing * kLeastNodes));
    const double coarse = std::max(1.0, side / (kSpacing * kMostNodes));
    return kSpacing * std::exp2(std::floor(std::log2(fine))) * std::exp2(std::ceil(std::log2(coarse)));
}

/// While a map is tiny its kernel is a parabola, and the sums have a closed form.
double smallRepulsion(const MapPoints<float>& points, MapPoints<float>& force) {
    const auto count = static_cast<double>(points.count());
    double scatter = 0;
    for (int d = 0; d < 2; ++d) {
        double mean = 0;
        for (const float value : points.at(d)) mean += static_cast<double>(value) / count;
        for (std::size_t i = 0; i < points.count(); ++i) {
            const double offset = static_cast<double>(points.at(d)[i]) - mean;
            force.at(d)[i] = static_cast<float>(count * offset);
            scatter += offset * offset;
        }
    }
    return count * count - 2 * count * scatter - count;
}

class GridRepulsion : public Repulsion {
public:
    double add(const MapPoints<float>& points, MapPoints<float>& force, Workers& workers) override {
        assert(points.dims == 2);
        if (points.count() == 0) return 0;
        const Box box = boxOf(points);
        if (!(box.side > kSmall)) return smallRepulsion(points, force);

        const double spacing = spacingFor(box.side);
        const auto nodes = static_cast<std::size_t>(box.side / spacing) + 1 + 2 * kMargin;
        GridView grid{};
        grid.nodes = convolution_.begin(GridConvolution::quickSide(nodes), spacing, workers);
        grid.stride = convolution_.stride();
        grid.perUnit = static_cast<float>(1 / spacing);
        grid.left = box.left - static_cast<float>(spacing * static_cast<double>(kMargin));
        grid.bottom = box.bottom - static_cast<float>(spacing * static_cast<double>(kMargin));
        const float* const x = points.axis[0].data();
        const float* const y = points.axis[1].data();
        spreadPoints(grid, x, y, points.count());
        convolution_.run(workers);
        const double withSelf = workers.sum(points.count(), kRowsAtOnce, [&](std::size_t begin, std::size_t end) {
            return gatherForces(grid, x, y, begin, end, force.axis[0].data(), force.axis[1].data());
        });
        return withSelf - static_cast<double>(points.count());
    }

private:
    GridConvolution convolution_;
};

}  // namespace

std::unique_ptr<Repulsion> makeGridRepulsion() {
    return std::make_unique<GridRepulsion>();
}

}  // namespace embedscope
