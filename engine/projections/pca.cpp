#include "engine/projections/pca.h"

#include <Eigen/Eigenvalues>
#include <Eigen/QR>

#include <algorithm>
#include <cmath>

namespace embedscope {
namespace {

constexpr Eigen::Index kRowBlock = 512;  // rows between two looks at the stop token; a block in double fits the cache
constexpr int kOversampling = 8;
constexpr int kMaxRounds = 60;
constexpr double kSettled = 1e-5;  // largest sine between two rounds' axes: below a pixel of any screen

double degreesOfFreedom(Eigen::Index rows) {
    return static_cast<double>(std::max<Eigen::Index>(rows - 1, 1));
}

template <typename Scalar>
Eigen::RowVectorXd meanOf(const RowsView<Scalar>& rows) {
    Eigen::RowVectorXd sum = Eigen::RowVectorXd::Zero(rows.cols());
    for (Eigen::Index i = 0; i < rows.rows(); ++i) sum += rows.row(i).template cast<double>();
    return sum / static_cast<double>(std::max<Eigen::Index>(rows.rows(), 1));
}

/// Calls use(block) for the centred rows, in double, a block at a time. @return false if stopped.
template <typename Scalar, typename Use>
bool forCentredBlocks(const RowsView<Scalar>& rows, const Eigen::RowVectorXd& mean, std::stop_token stop, Use use) {
    Eigen::MatrixXd block;
    for (Eigen::Index first = 0; first < rows.rows(); first += kRowBlock) {
        if (stop.stop_requested()) return false;
        const Eigen::Index count = std::min(kRowBlock, rows.rows() - first);
        block = rows.middleRows(first, count).template cast<double>().rowwise() - mean;
        use(block);
    }
    return true;
}

void makeSignsRepeatable(Eigen::MatrixXd& axes) {
    for (Eigen::Index k = 0; k < axes.cols(); ++k) {
        Eigen::Index largest = 0;
        axes.col(k).cwiseAbs().maxCoeff(&largest);
        if (axes(largest, k) < 0) axes.col(k) = -axes.col(k);
    }
}

/// The leading eigenvectors of a symmetric matrix as columns, by falling eigenvalue.
void takeLeading(PcaBasis& basis, const Eigen::MatrixXd& symmetric, Eigen::Index count) {
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(symmetric);
    basis.axes = solver.eigenvectors().rowwise().reverse().leftCols(count);
    // Rounding may leave a tiny negative value where there is no variance.
    basis.variances = solver.eigenvalues().reverse().head(count).cwiseMax(0);
}

Eigen::MatrixXd orthonormal(const Eigen::MatrixXd& columns) {
    const Eigen::HouseholderQR<Eigen::MatrixXd> qr(columns);
    return qr.householderQ() * Eigen::MatrixXd::Identity(columns.rows(), columns.cols());
}

/// `start` widened to `columns` with directions spread over all coordinates, the same ones every time.
Eigen::MatrixXd startingColumns(const Eigen::MatrixXd& start, Eigen::Index dimension, Eigen::Index columns) {
    Eigen::MatrixXd wide(dimension, columns);
    const Eigen::Index known = start.rows() == dimension ? std::min(start.cols(), columns) : 0;
    if (known > 0) wide.leftCols(known) = start.leftCols(known);
    for (Eigen::Index k = known; k < columns; ++k)
        for (Eigen::Index i = 0; i < dimension; ++i)
            wide(i, k) = std::sin(static_cast<double>((i + 1) * (k + 2)) * 1.618033988749895);
    return orthonormal(wide);
}

/// One round: covariance times `columns`, and the total variance. @return false if stopped.
bool multiply(const RowsView<float>& rows, const Eigen::RowVectorXd& mean, const Eigen::MatrixXd& columns,
              std::stop_token stop, Eigen::MatrixXd& product, double& totalVariance) {
    product.setZero(columns.rows(), columns.cols());
    totalVariance = 0;
    const bool complete = forCentredBlocks(rows, mean, stop, [&](const Eigen::MatrixXd& block) {
        product.noalias() += block.transpose() * (block * columns);
        totalVariance += block.squaredNorm();
    });
    product /= degreesOfFreedom(rows.rows());
    totalVariance /= degreesOfFreedom(rows.rows());
    return complete;
}

}  // namespace

template <typename Scalar>
std::optional<PcaBasis> exactPca(const RowsView<Scalar>& rows, int components, std::stop_token stop) {
    PcaBasis basis;
    basis.mean = meanOf(rows);
    Eigen::MatrixXd covariance = Eigen::MatrixXd::Zero(rows.cols(), rows.cols());
    const bool complete = forCentredBlocks(rows, basis.mean, stop, [&](const Eigen::MatrixXd& block) {
        covariance.selfadjointView<Eigen::Lower>().rankUpdate(block.transpose());
    });
    if (!complete) return std::nullopt;
    covariance /= degreesOfFreedom(rows.rows());
    basis.totalVariance = covariance.trace();
    takeLeading(basis, covariance, std::min<Eigen::Index>(components, rows.cols()));
    makeSignsRepeatable(basis.axes);
    return basis;
}

template std::optional<PcaBasis> exactPca<float>(const RowsView<float>&, int, std::stop_token);
template std::optional<PcaBasis> exactPca<double>(const RowsView<double>&, int, std::stop_token);

std::optional<PcaBasis> iteratedPca(const RowsView<float>& rows, int components, const Eigen::MatrixXd& start,
                                    std::stop_token stop) {
    PcaBasis basis;
    basis.mean = meanOf(rows);
    const Eigen::Index kept = std::min<Eigen::Index>(components, rows.cols());
    const Eigen::Index wide = std::min<Eigen::Index>(kept + kOversampling, rows.cols());
    Eigen::MatrixXd columns = startingColumns(start, rows.cols(), wide);
    Eigen::MatrixXd product, leading;
    for (int round = 0; round < kMaxRounds; ++round) {
        if (!multiply(rows, basis.mean, columns, stop, product, basis.totalVariance)) return std::nullopt;
        // Rayleigh-Ritz: the best axes inside the space that the columns span.
        takeLeading(basis, columns.transpose() * product, wide);
        const Eigen::MatrixXd turned = columns * basis.axes;
        const Eigen::MatrixXd newest = turned.leftCols(kept);
        const bool settled =
            round > 0 && (newest - leading * (leading.transpose() * newest)).colwise().norm().maxCoeff() < kSettled;
        leading = newest;
        if (settled) break;
        columns = orthonormal(product * basis.axes);
    }
    basis.axes = leading;
    basis.variances.conservativeResize(kept);
    makeSignsRepeatable(basis.axes);
    return basis;
}

}  // namespace embedscope
