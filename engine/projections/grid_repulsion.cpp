#include "engine/projections/grid_convolution.h"
#include "engine/projections/grid_kernels.h"
#include "engine/projections/tsne_forces.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <span>
#include <vector>

// The idea of a grid: Linderman et al. 2019 ("Fast interpolation-based t-SNE"). They convolve four charges with the
// squared kernel. Here one charge is convolved with the kernel itself: its value gives Z and its gradient the force,
// so that a step takes one transform there and one back; cubic splines make the gradient smooth, and a spacing that
// changes in powers of two keeps the kernel's spectrum from step to step.

namespace embedscope {
namespace {

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

double spacingFor(double side, double usual) {
    const double fine = std::min(1.0, side / (usual * kLeastNodes));
    const double coarse = std::max(1.0, side / (usual * kMostNodes));
    return usual * std::exp2(std::floor(std::log2(fine))) * std::exp2(std::ceil(std::log2(coarse)));
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

/// The points in the order of stripes of rows of the grid: threads can spread stripes without touching the same nodes,
/// and what is read together lies together.
class Stripes {
public:
    void sort(const std::vector<float>& y, float bottom, float perUnit, std::size_t rows) {
        begins_.assign(rows / kRows + 2, 0);
        stripeOf_.resize(y.size());
        points_.resize(y.size());
        for (std::size_t i = 0; i < y.size(); ++i) {
            stripeOf_[i] = static_cast<std::uint16_t>(static_cast<std::uint32_t>((y[i] - bottom) * perUnit) / kRows);
            ++begins_[stripeOf_[i] + 1];
        }
        std::partial_sum(begins_.begin(), begins_.end(), begins_.begin());
        std::vector<std::uint32_t> next(begins_.begin(), begins_.end() - 1);
        for (std::uint32_t i = 0; i < y.size(); ++i) points_[next[stripeOf_[i]]++] = i;
    }
    std::size_t count() const { return begins_.size() - 1; }
    std::span<const std::uint32_t> points() const { return points_; }
    std::span<const std::uint32_t> pointsOf(std::size_t stripe) const {
        return points().subspan(begins_[stripe], begins_[stripe + 1] - begins_[stripe]);
    }

private:
    static constexpr std::uint32_t kRows = 16;  // more than the four that a spline covers
    std::vector<std::uint32_t> begins_, points_;
    std::vector<std::uint16_t> stripeOf_;
};

class GridRepulsion : public Repulsion {
public:
    explicit GridRepulsion(double spacing) : spacing_(spacing) {}

    double add(const MapPoints<float>& points, MapPoints<float>& force, Workers& workers) override {
        assert(points.dims == 2);
        if (points.count() == 0) return 0;
        const Box box = boxOf(points);
        if (!(box.side > kSmall)) return smallRepulsion(points, force);

        const double spacing = spacingFor(box.side, spacing_);
        const auto nodes = static_cast<std::size_t>(box.side / spacing) + 1 + 2 * kMargin;
        GridView grid{};
        grid.nodes = convolution_.begin(GridConvolution::quickSide(nodes), spacing, workers);
        grid.stride = convolution_.stride();
        grid.perUnit = static_cast<float>(1 / spacing);
        grid.left = box.left - static_cast<float>(spacing * static_cast<double>(kMargin));
        grid.bottom = box.bottom - static_cast<float>(spacing * static_cast<double>(kMargin));
        const float* const x = points.axis[0].data();
        const float* const y = points.axis[1].data();
        stripes_.sort(points.axis[1], grid.bottom, grid.perUnit, nodes);
        // Two stripes side by side share nodes, two with another between them do not.
        for (const std::size_t parity : {0, 1})
            workers.forBlocks((stripes_.count() + 1 - parity) / 2, 1, [&](std::size_t stripe, std::size_t) {
                const auto which = stripes_.pointsOf(2 * stripe + parity);
                spreadPoints(grid, x, y, which.data(), which.size());
            });
        convolution_.run(workers);
        const double withSelf = workers.sum(points.count(), kRowsAtOnce, [&](std::size_t begin, std::size_t end) {
            return gatherForces(grid, x, y, stripes_.points().data() + begin, end - begin, force.axis[0].data(),
                                force.axis[1].data());
        });
        return withSelf - static_cast<double>(points.count());
    }

private:
    double spacing_;
    GridConvolution convolution_;
    Stripes stripes_;
};

}  // namespace

std::unique_ptr<Repulsion> makeGridRepulsion(double spacing) {
    return std::make_unique<GridRepulsion>(spacing);
}

}  // namespace embedscope
