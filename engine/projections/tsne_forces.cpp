#include "engine/projections/tsne_forces.h"

#include "engine/projections/tsne_kernels.h"

#include <cmath>

namespace embedscope {
namespace {

constexpr std::size_t kRowsAtOnce = 256;

template <typename Scalar>
std::array<const Scalar*, 3> axesOf(const MapPoints<Scalar>& points) {
    return {points.axis[0].data(), points.axis[1].data(), points.axis[2].data()};
}
template <typename Scalar>
std::array<Scalar*, 3> axesOf(MapPoints<Scalar>& points) {
    return {points.axis[0].data(), points.axis[1].data(), points.axis[2].data()};
}

class ExactRepulsion : public Repulsion {
public:
    double add(const MapPoints<float>& points, MapPoints<float>& force, Workers& workers) override {
        return exactRepulsion(points, force, workers);
    }
};

}  // namespace

template <typename Scalar>
void attraction(const SparseRows<Scalar>& p, const MapPoints<Scalar>& points, MapPoints<Scalar>& force,
                Workers& workers) {
    const std::vector<Scalar> places = rowsOf(points);
    const auto to = axesOf(force);
    workers.forBlocks(points.count(), kRowsAtOnce, [&](std::size_t begin, std::size_t end) {
        attractRows({p.begins.data(), p.columns.data()}, p.values.data(), places.data(), points.dims, begin, end,
                    to.data());
    });
}

template <typename Scalar>
double exactRepulsion(const MapPoints<Scalar>& points, MapPoints<Scalar>& force, Workers& workers) {
    const auto from = axesOf(points);
    const auto to = axesOf(force);
    const double withSelf = workers.sum(points.count(), kRowsAtOnce, [&](std::size_t begin, std::size_t end) {
        return repelRows(from.data(), points.dims, points.count(), begin, end, to.data());
    });
    return withSelf - static_cast<double>(points.count());
}

template <typename Scalar>
double klDivergence(const SparseRows<Scalar>& p, const MapPoints<Scalar>& points, double z, Workers& workers) {
    return workers.sum(points.count(), kRowsAtOnce, [&](std::size_t begin, std::size_t end) {
        double sum = 0;
        for (std::size_t i = begin; i < end; ++i)
            for (std::uint32_t at = p.begins[i]; at < p.begins[i + 1]; ++at) {
                const auto j = static_cast<std::size_t>(p.columns[at]);
                double squared = 0;
                for (int d = 0; d < points.dims; ++d) {
                    const double difference = static_cast<double>(points.at(d)[i]) - points.at(d)[j];
                    squared += difference * difference;
                }
                const auto value = static_cast<double>(p.values[at]);
                if (value > 0) sum += value * std::log(value * z * (1 + squared));
            }
        return sum;
    });
}

template <typename Scalar>
double klGradient(const SparseRows<Scalar>& p, const MapPoints<Scalar>& points, MapPoints<Scalar>& gradient,
                  Workers& workers) {
    MapPoints<Scalar> repulsion(points.dims, points.count());
    attraction(p, points, gradient, workers);
    const double z = exactRepulsion(points, repulsion, workers);
    for (int d = 0; d < points.dims; ++d)
        for (std::size_t i = 0; i < points.count(); ++i)
            gradient.at(d)[i] = 4 * (gradient.at(d)[i] - repulsion.at(d)[i] / static_cast<Scalar>(z));
    return klDivergence(p, points, z, workers);
}

std::unique_ptr<Repulsion> makeExactRepulsion() {
    return std::make_unique<ExactRepulsion>();
}

template void attraction(const SparseRows<float>&, const MapPoints<float>&, MapPoints<float>&, Workers&);
template void attraction(const SparseRows<double>&, const MapPoints<double>&, MapPoints<double>&, Workers&);
template double exactRepulsion(const MapPoints<float>&, MapPoints<float>&, Workers&);
template double exactRepulsion(const MapPoints<double>&, MapPoints<double>&, Workers&);
template double klDivergence(const SparseRows<float>&, const MapPoints<float>&, double, Workers&);
template double klDivergence(const SparseRows<double>&, const MapPoints<double>&, double, Workers&);
template double klGradient(const SparseRows<float>&, const MapPoints<float>&, MapPoints<float>&, Workers&);
template double klGradient(const SparseRows<double>&, const MapPoints<double>&, MapPoints<double>&, Workers&);

}  // namespace embedscope
