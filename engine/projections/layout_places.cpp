#include "engine/layout_places.h"

#include "engine/projections/place_points.h"
#include "engine/projections/split_places.h"

#include <Eigen/Core>

#include <algorithm>
#include <optional>
#include <utility>

namespace embedscope {
namespace {

using Rows = Eigen::Map<const Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>;

/// Largest error, against the spread of the picture, at which it counts as linear.
constexpr double kLinear = 2e-3;
constexpr int kRounds = 80;

/// place = (row - mean) * slopes + offset
struct LinearPicture {
    Eigen::RowVectorXd mean;
    Eigen::MatrixXd slopes;  ///< [D, dims]
    Eigen::RowVectorXd offset;
};

/// Least squares by conjugate gradients from 0 (Hestenes, Stiefel 1952): in directions in which the rows do not differ
/// the slopes stay 0, as those of principal axes are.
Eigen::MatrixXd slopesOf(const Eigen::MatrixXd& rows, const Eigen::MatrixXd& places) {
    Eigen::MatrixXd slopes = Eigen::MatrixXd::Zero(rows.cols(), places.cols());
    for (Eigen::Index axis = 0; axis < places.cols(); ++axis) {
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

std::optional<LinearPicture> linearPicture(const Rows& rows, const Rows& places) {
    const Eigen::Index some = std::min<Eigen::Index>(rows.rows(), std::min<Eigen::Index>(4 * rows.cols() + 100, 1500));
    Eigen::MatrixXd chosen(some, rows.cols()), wanted(some, places.cols());
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

}  // namespace

Places placesIn(const Layout& layout, std::span<const float> rows, int threads) {
    const BankFrame& bank = *layout.bank;
    if (bank.count() == 0 || bank.dimension == 0) return {};
    const int dims = layout.depths.empty() ? 2 : 3;
    const std::vector<float> drawn = joinedPlaces(layout);
    const Rows samples(bank.embeddings.data(), static_cast<Eigen::Index>(bank.count()), bank.dimension);
    const Rows places(drawn.data(), samples.rows(), dims);
    const Rows points(rows.data(), static_cast<Eigen::Index>(rows.size()) / bank.dimension, bank.dimension);
    if (const auto picture = linearPicture(samples, places)) {
        const Eigen::MatrixXd centred = points.cast<double>().rowwise() - picture->mean;
        std::vector<float> found(static_cast<std::size_t>(points.rows() * dims));
        Eigen::Map<Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>(found.data(), points.rows(),
                                                                                          dims) =
            ((centred * picture->slopes).rowwise() + picture->offset).cast<float>();
        return splitPlaces(std::move(found), dims);
    }
    Workers workers(threads);
    return splitPlaces(placedAmong({bank.embeddings, bank.dimension}, drawn, dims, {rows, bank.dimension}, workers),
                       dims);
}

}  // namespace embedscope
