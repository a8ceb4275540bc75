#include "engine/projections/plane.h"

#include <Eigen/Geometry>
#include <Eigen/SVD>

#include <algorithm>
#include <cmath>
#include <numbers>

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
    const Eigen::RowVectorXd offset = mean * axes;
    constexpr Eigen::Index kBlock = 512;
    Eigen::MatrixXd result(rows.rows(), axes.cols());
    for (Eigen::Index first = 0; first < rows.rows(); first += kBlock) {
        const Eigen::Index count = std::min(kBlock, rows.rows() - first);
        result.middleRows(first, count) = (rows.middleRows(first, count).cast<double>() * axes).rowwise() - offset;
    }
    return result;
}

/// The orthogonal T for which the rows of `from` * T lie nearest to those of `to` (Schönemann 1966).
Eigen::Matrix2d procrustes(const Eigen::MatrixXd& from, const Eigen::MatrixXd& to) {
    const Eigen::Matrix2d product = from.transpose() * to;
    const Eigen::JacobiSVD<Eigen::Matrix2d> svd(product, Eigen::ComputeFullU | Eigen::ComputeFullV);
    return svd.matrixU() * svd.matrixV().transpose();
}

/// How much of the angle to the principal axes is given back: none while the two variances are close.
double returnShare(const Eigen::VectorXd& variances) {
    if (variances[0] <= 0) return 0;
    const double gap = (variances[0] - variances[1]) / variances[0];
    return kReturnPerFrame * std::clamp((gap - kReturnBegins) / (kReturnFull - kReturnBegins), 0.0, 1.0);
}

/// `turn` moved by `share` of the way to the nearest exchange and reflection of the axes.
Eigen::Matrix2d towardsAxes(const Eigen::Matrix2d& turn, double share) {
    const double angle = std::atan2(turn(1, 0), turn(0, 0));
    const double quarter = std::numbers::pi / 2;
    const double beyond = angle - quarter * std::round(angle / quarter);
    return Eigen::Rotation2Dd(-share * beyond).toRotationMatrix() * turn;
}

std::string percent(double share) {
    return std::to_string(std::lround(100 * share)) + " %";
}

std::string axisName(const std::string& name, Eigen::Index axis, const Eigen::Matrix2d& turn, bool frozen) {
    for (Eigen::Index k = 0; k < 2; ++k)
        if (std::abs(turn(k, axis)) >= kSameAxisCosine)
            return (frozen ? "frozen " : "") + name + " " + std::to_string(k + 1);
    return (frozen ? "frozen " : "") + name + " plane, axis " + std::to_string(axis + 1);
}

std::vector<float> rowMajor(const Eigen::MatrixXd& points) {
    std::vector<float> coordinates(static_cast<std::size_t>(points.rows()) * 2);
    for (Eigen::Index i = 0; i < points.rows(); ++i)
        for (Eigen::Index k = 0; k < 2; ++k)
            coordinates[static_cast<std::size_t>(2 * i + k)] = static_cast<float>(points(i, k));
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
    *this = PlaneTracker();
}

void PlaneTracker::setFit(std::string name, Fit fit) {
    name_ = std::move(name);
    fit_ = std::move(fit);
}

std::optional<PcaBasis> PlaneTracker::fit(const BankFrame& bank, std::stop_token stop) const {
    const RowsView<float> rows = rowsOf(bank);
    if (fit_) return fit_(rows, stop);
    if (bank.dimension <= kExactUpTo) return exactPca(rows, 2, stop);
    return iteratedPca(rows, 2, principal_.axes, stop);
}

void PlaneTracker::turnTowardsPrevious(const RowsView<float>& rows) {
    const Eigen::MatrixXd points = centredProjection(rows, principal_.mean, principal_.axes);
    const bool sameRows = points.rows() > 0 && drawn_.rows() == points.rows();
    turn_ = sameRows ? procrustes(points, drawn_) : Eigen::Matrix2d(Eigen::Matrix2d::Identity());
    turn_ = towardsAxes(turn_, returnShare(principal_.variances));
    drawn_ = points * turn_;
}

std::optional<PlaneTracker::Frame> PlaneTracker::next(const BankFrame& bank, bool frozen, std::stop_token stop) {
    const RowsView<float> rows = rowsOf(bank);
    if (!rows.allFinite()) return std::nullopt;
    if (bank.dimension == 2 && !fit_) return Frame{bank.embeddings, {"x1", "x2"}};

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
    Frame frame{rowMajor(drawn_), {}};
    for (Eigen::Index axis = 0; axis < 2; ++axis) {
        const double share = total > 0 ? std::min(1.0, variance(drawn_.col(axis)) / total) : 0;
        frame.axisNames.push_back(axisName(name_, axis, turn_, keepAxes) + " (" + percent(share) + ")");
    }
    return frame;
}

}  // namespace embedscope
