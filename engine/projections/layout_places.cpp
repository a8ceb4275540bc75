#include "engine/layout_places.h"

#include <Eigen/Core>

#include <algorithm>
#include <cmath>
#include <optional>

namespace embedscope {
namespace {

using Rows = Eigen::Map<const Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>;
using Places = Eigen::Matrix<float, Eigen::Dynamic, 2, Eigen::RowMajor>;

/// Largest error, against the spread of the picture, at which it counts as linear.
constexpr double kLinear = 2e-3;
constexpr int kRounds = 80;
constexpr Eigen::Index kNeighbors = 5;

/// place = (row - mean) * slopes + offset
struct LinearPicture {
    Eigen::RowVectorXd mean;
    Eigen::MatrixXd slopes;  ///< [D, 2]
    Eigen::RowVector2d offset;
};

/// Least squares by conjugate gradients from 0 (Hestenes, Stiefel 1952): in directions in which the rows do not differ
/// the slopes stay 0, as those of principal axes are.
Eigen::MatrixXd slopesOf(const Eigen::MatrixXd& rows, const Eigen::MatrixXd& places) {
    Eigen::MatrixXd slopes = Eigen::MatrixXd::Zero(rows.cols(), 2);
    for (Eigen::Index axis = 0; axis < 2; ++axis) {
        Eigen::VectorXd left = places.col(axis), descent = rows.transpose() * left, direction = descent;
        double size = descent.squaredNorm();
        const double enough = 1e-14 * size;
        for (int round = 0; round < kRounds && size > enough && size > 0; ++round) {
            const Eigen::VectorXd moved = rows * direction;
            const double step = size / moved.squaredNorm();
            slopes.col(axis) += step * direction;
            left -= step * moved;
            descent = rows.transpose() * left;
            const double next = descent.squaredNorm();
            direction = descent + next / size * direction;
            size = next;
        }
    }
    return slopes;
}

std::optional<LinearPicture> linearPicture(const Rows& rows, const Eigen::Map<const Places>& places) {
    const Eigen::Index some = std::min<Eigen::Index>(rows.rows(), std::min<Eigen::Index>(4 * rows.cols() + 100, 1500));
    Eigen::MatrixXd chosen(some, rows.cols()), wanted(some, 2);
    for (Eigen::Index i = 0; i < some; ++i) {
        chosen.row(i) = rows.row(i * rows.rows() / some).cast<double>();
        wanted.row(i) = places.row(i * rows.rows() / some).cast<double>();
    }
    LinearPicture picture{chosen.colwise().mean(), {}, wanted.colwise().mean()};
    chosen.rowwise() -= picture.mean;
    wanted.rowwise() -= picture.offset;
    picture.slopes = slopesOf(chosen, wanted);
    const double error = (chosen * picture.slopes - wanted).norm();
    if (!(error <= kLinear * std::max(wanted.norm(), 1e-12))) return std::nullopt;
    return picture;
}

/// Weighted by nearness, so that a point that lies on a sample is drawn on it.
Eigen::RowVector2f amongNeighbors(const Rows& rows, const Eigen::Map<const Places>& places,
                                  const Eigen::RowVectorXf& point) {
    const Eigen::VectorXf squares = (rows.rowwise() - point).rowwise().squaredNorm();
    std::vector<Eigen::Index> order(static_cast<std::size_t>(rows.rows()));
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<Eigen::Index>(i);
    const auto count = std::min<std::ptrdiff_t>(kNeighbors, rows.rows());
    std::partial_sort(order.begin(), order.begin() + count, order.end(),
                      [&](Eigen::Index a, Eigen::Index b) { return squares[a] < squares[b]; });
    Eigen::RowVector2f sum = Eigen::RowVector2f::Zero();
    float weights = 0;
    for (std::ptrdiff_t i = 0; i < count; ++i) {
        const float weight = 1 / (std::sqrt(squares[order[static_cast<std::size_t>(i)]]) + 1e-6F);
        sum += weight * places.row(order[static_cast<std::size_t>(i)]);
        weights += weight;
    }
    return sum / weights;
}

}  // namespace

std::vector<float> placesIn(const Layout& layout, std::span<const float> rows) {
    const BankFrame& bank = *layout.bank;
    const auto count = static_cast<Eigen::Index>(bank.count());
    if (count == 0 || bank.dimension == 0) return {};
    const Rows samples(bank.embeddings.data(), count, bank.dimension);
    const Eigen::Map<const Places> places(layout.coordinates.data(), count, 2);
    const Rows points(rows.data(), static_cast<Eigen::Index>(rows.size()) / bank.dimension, bank.dimension);
    std::vector<float> found(static_cast<std::size_t>(points.rows()) * 2);
    Eigen::Map<Places> result(found.data(), points.rows(), 2);
    if (const auto picture = linearPicture(samples, places)) {
        const Eigen::MatrixXd centred = points.cast<double>().rowwise() - picture->mean;
        result = ((centred * picture->slopes).rowwise() + picture->offset).cast<float>();
    } else {
        for (Eigen::Index i = 0; i < points.rows(); ++i) result.row(i) = amongNeighbors(samples, places, points.row(i));
    }
    return found;
}

}  // namespace embedscope
