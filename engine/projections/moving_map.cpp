#include "engine/projections/moving_map.h"

#include "engine/projections/pca.h"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace embedscope {
namespace {

constexpr int kExactUpTo = 256;             // dimensions; beyond, the covariance costs more than subspace iteration
constexpr std::size_t kRowsPrepared = 256;  // at once

/// Where all rows lie on a line or in a point, the missing axis gets a trace of noise: forces along an axis on which
/// everybody is equal are zero for ever.
void spreadFlatAxes(MapPoints<float>& points, double deviation) {
    for (int d = 0; d < points.dims; ++d) {
        const auto [low, high] = std::ranges::minmax(points.at(d));
        if (high - low > 1e-6 * deviation) continue;
        std::uint32_t state = 12'345U + static_cast<std::uint32_t>(d);
        for (float& value : points.at(d)) {
            state = state * 1'664'525U + 1'013'904'223U;
            value += static_cast<float>(1e-2 * deviation * (state / 4'294'967'296.0 - 0.5));
        }
    }
}

}  // namespace

MapPoints<float> principalStart(SpaceView space, int dims, double deviation, std::stop_token stop) {
    const RowsView<float> rows(space.rows.data(), static_cast<Eigen::Index>(space.count()), space.dimension);
    const auto basis = space.dimension <= kExactUpTo ? exactPca(rows, dims, stop) : iteratedPca(rows, dims, {}, stop);
    MapPoints<float> points(dims, space.count());
    if (!basis) return points;
    const double first = basis->variances.size() > 0 ? std::sqrt(basis->variances[0]) : 0;
    const double scale = first > 0 ? deviation / first : 0;
    const Eigen::RowVectorXd offset = basis->mean * basis->axes;
    for (Eigen::Index d = 0; d < std::min<Eigen::Index>(dims, basis->axes.cols()); ++d)
        for (std::size_t i = 0; i < space.count(); ++i)
            points.at(static_cast<int>(d))[i] = static_cast<float>(
                scale * (rows.row(static_cast<Eigen::Index>(i)).cast<double>().dot(basis->axes.col(d)) - offset[d]));
    spreadFlatAxes(points, deviation);
    return points;
}

bool MovingMap::initialize(SpaceView space, MapPoints<float> start, std::stop_token stop) {
    const auto before = std::chrono::steady_clock::now();
    refresh_.reset();
    std::optional<NeighborGraph> graph = neighborGraph(space, neighborsWanted(), workers_, stop);
    if (!graph) return false;
    graph_ = std::move(*graph);
    neighborSeconds_ = std::chrono::duration<double>(std::chrono::steady_clock::now() - before).count();
    const bool warm = start.count() == space.count() && space.count() > 0;
    if (!warm) start = coldStart(space, stop);
    if (stop.stop_requested()) return false;
    begin(std::move(start), warm);
    useGraph();
    return true;
}

void MovingMap::follow(SpaceView space, NeighborRefresh::Reach reach) {
    refresh_ = std::make_unique<NeighborRefresh>(graph_, space, neighborsWanted(), round_++, reach);
    preparedRows_ = 0;
}

bool MovingMap::refresh() {
    if (!refresh_) return true;
    if (!refresh_->complete()) {
        refresh_->advance(workers_);
        return false;
    }
    const std::size_t count = refresh_->graph().count();
    if (preparedRows_ < count) {
        const std::size_t end = std::min(preparedRows_ + kRowsPrepared, count);
        prepareRows(refresh_->graph(), preparedRows_, end);
        preparedRows_ = end;
        return false;
    }
    NeighborGraph next = refresh_->take();
    refresh_.reset();
    graph_ = std::move(next);
    useGraph();
    return true;
}

}  // namespace embedscope
