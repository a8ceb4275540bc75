#include "engine/projections/alignment.h"

#include <Eigen/SVD>

#include <algorithm>
#include <cassert>
#include <cmath>

// Schönemann 1966 ("A generalized solution of the orthogonal Procrustes problem").

namespace embedscope {
namespace {

template <int Dims>
using Rows = Eigen::Map<const Eigen::Matrix<float, Eigen::Dynamic, Dims, Eigen::RowMajor>>;
template <int Dims>
using Place = Eigen::Matrix<double, 1, Dims>;
template <int Dims>
using Turn = Eigen::Matrix<double, Dims, Dims>;

template <int Dims>
Rows<Dims> rowsOf(std::span<const float> map) {
    return {map.data(), static_cast<Eigen::Index>(map.size()) / Dims, Dims};
}

template <int Dims>
Place<Dims> meanOf(const Rows<Dims>& rows) {
    Place<Dims> sum = Place<Dims>::Zero();
    for (Eigen::Index i = 0; i < rows.rows(); ++i) sum += rows.row(i).template cast<double>();
    return sum / static_cast<double>(std::max<Eigen::Index>(rows.rows(), 1));
}

template <int Dims>
double radiusAround(const Rows<Dims>& rows, const Place<Dims>& centre) {
    double sum = 0;
    for (Eigen::Index i = 0; i < rows.rows(); ++i) sum += (rows.row(i).template cast<double>() - centre).squaredNorm();
    return std::sqrt(sum / static_cast<double>(std::max<Eigen::Index>(rows.rows(), 1)));
}

/// The orthogonal T for which (from - centre) T lies nearest to (to - target).
template <int Dims>
Turn<Dims> bestTurn(const Rows<Dims>& from, const Place<Dims>& centre, const Rows<Dims>& to,
                    const Place<Dims>& target) {
    Turn<Dims> product = Turn<Dims>::Zero();
    for (Eigen::Index i = 0; i < from.rows(); ++i) {
        const Place<Dims> offset = from.row(i).template cast<double>() - centre;
        product += offset.transpose() * (to.row(i).template cast<double>() - target);
    }
    const Eigen::JacobiSVD<Turn<Dims>> svd(product, Eigen::ComputeFullU | Eigen::ComputeFullV);
    return svd.matrixU() * svd.matrixV().transpose();
}

template <int Dims>
std::vector<float> alignedIn(std::span<const float> map, std::span<const float> before, double radius) {
    const Rows<Dims> rows = rowsOf<Dims>(map), target = rowsOf<Dims>(before);
    const Place<Dims> centre = meanOf<Dims>(rows);
    const double size = radiusAround<Dims>(rows, centre);
    Place<Dims> place = Place<Dims>::Zero();
    Turn<Dims> turn = Turn<Dims>::Identity();
    if (target.rows() == rows.rows() && rows.rows() > 0) {
        place = meanOf<Dims>(target);
        turn = bestTurn<Dims>(rows, centre, target, place);
    }
    turn *= size > 0 ? radius / size : 1;
    std::vector<float> result(map.size());
    for (Eigen::Index i = 0; i < rows.rows(); ++i) {
        const Place<Dims> moved = place + (rows.row(i).template cast<double>() - centre) * turn;
        for (int d = 0; d < Dims; ++d) result[static_cast<std::size_t>(i * Dims + d)] = static_cast<float>(moved[d]);
    }
    return result;
}

template <int Dims>
double displacementIn(std::span<const float> a, std::span<const float> b) {
    const Rows<Dims> from = rowsOf<Dims>(a), to = rowsOf<Dims>(b);
    double sum = 0;
    for (Eigen::Index i = 0; i < from.rows(); ++i)
        sum += (from.row(i).template cast<double>() - to.row(i).template cast<double>()).norm();
    const double radius = radiusAround<Dims>(to, meanOf<Dims>(to));
    return from.rows() == 0 || radius == 0 ? 0 : sum / static_cast<double>(from.rows()) / radius;
}

}  // namespace

std::vector<float> alignedMap(std::span<const float> map, std::span<const float> before, double radius, int dims) {
    assert(dims == 2 || dims == 3);
    return dims == 2 ? alignedIn<2>(map, before, radius) : alignedIn<3>(map, before, radius);
}

double radiusOf(std::span<const float> map, int dims) {
    assert(dims == 2 || dims == 3);
    if (dims == 2) return radiusAround<2>(rowsOf<2>(map), meanOf<2>(rowsOf<2>(map)));
    return radiusAround<3>(rowsOf<3>(map), meanOf<3>(rowsOf<3>(map)));
}

double meanDisplacement(std::span<const float> a, std::span<const float> b, int dims) {
    assert(dims == 2 || dims == 3);
    return dims == 2 ? displacementIn<2>(a, b) : displacementIn<3>(a, b);
}

}  // namespace embedscope
