#pragma once

#include <Eigen/Core>

#include <optional>
#include <stop_token>

namespace embedscope {

/// Rows are samples. Copies nothing: a view of the caller's [N, D] row-major numbers.
template <typename Scalar>
using RowsView = Eigen::Map<const Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>;

struct PcaBasis {
    Eigen::RowVectorXd mean;    ///< [D]
    Eigen::MatrixXd axes;       ///< [D, K] orthonormal columns, by falling variance.
    Eigen::VectorXd variances;  ///< [K] with the divisor n - 1; 0 for a single row.
    double totalVariance = 0;   ///< Of all D directions.
};

/// The leading principal components, by the full covariance in double: exact, O(N D² + D³).
/// @return nothing if stopped. Each axis' largest entry is positive, so that signs repeat from run to run.
template <typename Scalar>
std::optional<PcaBasis> exactPca(const RowsView<Scalar>& rows, int components, std::stop_token stop = {});

/// The same by subspace iteration (Halko, Martinsson, Tropp 2011) without the covariance: O(N D K) a round, for high D.
/// @param start Axes to begin with, e.g. those of the frame before; may have no columns.
std::optional<PcaBasis> iteratedPca(const RowsView<float>& rows, int components, const Eigen::MatrixXd& start,
                                    std::stop_token stop = {});

}  // namespace embedscope
