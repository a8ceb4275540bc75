#include "engine/projections/plane.h"

#include "engine/projections/finite_rows.h"

#include <Eigen/LU>
#include <Eigen/SVD>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace embedscope {
namespace {

/// From here on the covariance costs more than subspace iteration from the axes of the frame before.
constexpr int kExactUpTo = 128;
/// Share of the angle to the principal axes that is given back in a frame.
constexpr double kReturnPerFrame = 0.05;
/// Relative difference of the two variances at which the return begins, and at which it is full.
constexpr double kReturnBegins = 0.3, kReturnFull = 0.6;
/// An axis within this of a principal one is called by its name.
constexpr double kSameAxisCosine = 0.966;  // 15°

RowsView<float> rowsOf(const BankFrame& bank) {
    return {bank.embeddings.data(), static_cast<Eigen::Index>(bank.count()), bank.dimension};
}

Eigen::MatrixXd centredProjection(const RowsView<float>& rows, const Eigen::RowVectorXd& mean,
                                  const Eigen::MatrixXd& axes) {
    // Centred before the product, so that single precision loses nothing where the mean is far larger than the spread.
    const Eigen::RowVectorXf centre = mean.cast<float>();
    const Eigen::MatrixXf narrow = axes.cast<float>();
    Eigen::MatrixXd result(rows.rows(), axes.cols());
    Eigen::RowVectorXf offset(rows.cols());
    for (Eigen::Index i = 0; i < rows.rows(); ++i) {
        offset = rows.row(i) - centre;
        for (Eigen::Index axis = 0; axis < axes.cols(); ++axis)
            result(i, axis) = static_cast<double>(offset.dot(narrow.col(axis)));
    }
    return result;
}

/// The orthogonal matrix nearest to `product`; that of from' * to is the T for which the rows of `from` * T lie nearest
/// to those of `to` (Schönemann 1966).
Eigen::MatrixXd nearestTurn(const Eigen::MatrixXd& product) {
    const Eigen::JacobiSVD<Eigen::MatrixXd> svd(product, Eigen::ComputeFullU | Eigen::ComputeFullV);
    return svd.matrixU() * svd.matrixV().transpose();
}

/// How much of the angle to the principal axes is given back: none while two variances are close.
double returnShare(const Eigen::VectorXd& variances) {
    double least = 1;
    for (Eigen::Index k = 0; k + 1 < variances.size(); ++k) {
        if (variances[k] <= 0) return 0;
        const double gap = (variances[k] - variances[k + 1]) / variances[k];
        least = std::min(least, std::clamp((gap - kReturnBegins) / (kReturnFull - kReturnBegins), 0.0, 1.0));
    }
    return kReturnPerFrame * least;
}

/// The exchange and reflection of the axes that is nearest to `turn`.
Eigen::MatrixXd nearestExchange(const Eigen::MatrixXd& turn) {
    std::vector<Eigen::Index> order(static_cast<std::size_t>(turn.cols()));
    std::iota(order.begin(), order.end(), 0);
    Eigen::MatrixXd best;
    double most = -1;
    do {
        double sum = 0;
        Eigen::MatrixXd exchange = Eigen::MatrixXd::Zero(turn.rows(), turn.cols());
        for (Eigen::Index axis = 0; axis < turn.cols(); ++axis) {
            const Eigen::Index row = order[static_cast<std::size_t>(axis)];
            sum += std::abs(turn(row, axis));
            exchange(row, axis) = turn(row, axis) < 0 ? -1 : 1;
        }
        if (sum <= most) continue;
        most = sum;
        best = exchange;
    } while (std::next_permutation(order.begin(), order.end()));
    return best;
}

/// `turn` moved by `share` of the way to the nearest exchange and reflection of the axes.
Eigen::MatrixXd towardsAxes(const Eigen::MatrixXd& turn, double share) {
    const Eigen::MatrixXd aim = nearestExchange(turn);
    // In three dimensions the nearest one may have the other hand, and no way leads there.
    if (aim.determinant() * turn.determinant() < 0) return turn;
    return nearestTurn((1 - share) * turn + share * aim);
}

std::string percent(double share) {
    return std::to_string(std::lround(100 * share)) + " %";
}

std::string axisName(const std::string& name, Eigen::Index axis, const Eigen::MatrixXd& turn, bool frozen) {
    for (Eigen::Index k = 0; k < turn.rows(); ++k)
        if (std::abs(turn(k, axis)) >= kSameAxisCosine)
            return (frozen ? "frozen " : "") + name + " " + std::to_string(k + 1);
    return (frozen ? "frozen " : "") + name + (turn.rows() == 2 ? " plane" : " space") + ", axis " +
           std::to_string(axis + 1);
}

PlaneTracker::Frame rawFrame(const BankFrame& bank) {
    PlaneTracker::Frame frame{bank.embeddings, {}};
    for (int d = 1; d <= bank.dimension; ++d) frame.axisNames.push_back("x" + std::to_string(d));
    return frame;
}

std::vector<float> rowMajor(const Eigen::MatrixXd& points) {
    std::vector<float> coordinates(static_cast<std::size_t>(points.size()));
    Eigen::Map<Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>(
        coordinates.data(), points.rows(), points.cols()) = points.cast<float>();
    return coordinates;
}

/// With the divisor n - 1; two passes, because a collapsed embedding has a mean far larger than its spread.
double variance(const Eigen::VectorXd& values) {
    const auto divisor = static_cast<double>(std::max<Eigen::Index>(values.size() - 1, 1));
    return values.size() == 0 ? 0 : (values.array() - values.mean()).square().sum() / divisor;
}

double totalVariance(const RowsView<float>& rows) {
    double total = 0;
    for (Eigen::Index k = 0; k < rows.cols(); ++k) total += variance(rows.col(k).cast<double>());
    return total;
}

}  // namespace

void PlaneTracker::startFresh() {
    const int dims = dims_;
    *this = PlaneTracker();
    dims_ = dims;
}

void PlaneTracker::setDimensions(int dims) {
    dims_ = dims;
    startFresh();
}

void PlaneTracker::setFit(std::string name, Fit fit) {
    name_ = std::move(name);
    fit_ = std::move(fit);
}

std::optional<PcaBasis> PlaneTracker::fit(const BankFrame& bank, std::stop_token stop) const {
    const RowsView<float> rows = rowsOf(bank);
    if (fit_) return fit_(rows, stop);
    if (bank.dimension <= kExactUpTo) return exactPca(rows, dims_, stop);
    return iteratedPca(rows, dims_, principal_.axes, stop);
}

void PlaneTracker::turnTowardsPrevious(const RowsView<float>& rows) {
    const Eigen::MatrixXd points = centredProjection(rows, principal_.mean, principal_.axes);
    const bool sameRows = points.rows() > 0 && drawn_.rows() == points.rows();
    const bool follows = sameRows && drawn_.cols() == points.cols();
    turn_ = Eigen::MatrixXd::Identity(points.cols(), points.cols());
    if (follows) turn_ = nearestTurn(points.transpose() * drawn_);
    turn_ = towardsAxes(turn_, returnShare(principal_.variances));
    drawn_ = points * turn_;
}

std::optional<std::vector<float>> PlaneTracker::onSameAxes(const BankFrame& bank) {
    const RowsView<float> rows = rowsOf(bank);
    const bool known = principal_.axes.rows() == bank.dimension && drawn_.rows() == rows.rows();
    if (!known || drawn_.cols() != dims_ || !allFinite(bank.embeddings)) return std::nullopt;
    drawn_ = centredProjection(rows, principal_.mean, principal_.axes * turn_);
    return rowMajor(drawn_);
}

std::optional<PlaneTracker::Frame> PlaneTracker::next(const BankFrame& bank, bool frozen, std::stop_token stop) {
    const RowsView<float> rows = rowsOf(bank);
    if (!allFinite(bank.embeddings)) return std::nullopt;
    if (bank.dimension == dims_ && !fit_) return rawFrame(bank);

    const bool keepAxes = frozen && principal_.axes.rows() == bank.dimension;
    if (keepAxes) {
        drawn_ = centredProjection(rows, principal_.mean, principal_.axes * turn_);
    } else {
        std::optional<PcaBasis> fitted = fit(bank, stop);
        if (!fitted) return std::nullopt;
        principal_ = std::move(*fitted);
        turnTowardsPrevious(rows);
    }

    const double total = keepAxes ? totalVariance(rows) : principal_.totalVariance;
    const Eigen::Index missing = dims_ - drawn_.cols();  // of an embedding with fewer dimensions than the picture
    Eigen::MatrixXd places = Eigen::MatrixXd::Zero(drawn_.rows(), dims_);
    places.leftCols(drawn_.cols()) = drawn_;
    Frame frame{rowMajor(places), {}};
    for (Eigen::Index axis = 0; axis < drawn_.cols(); ++axis) {
        const double share = total > 0 ? std::min(1.0, variance(drawn_.col(axis)) / total) : 0;
        frame.axisNames.push_back(axisName(name_, axis, turn_, keepAxes) + " (" + percent(share) + ")");
    }
    for (Eigen::Index axis = 0; axis < missing; ++axis) frame.axisNames.push_back("-");
    return frame;
}

}  // namespace embedscope
