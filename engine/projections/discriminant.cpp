#include "engine/projections/discriminant.h"

#include <Eigen/Eigenvalues>

#include <algorithm>
#include <map>
#include <stdexcept>

namespace embedscope {
namespace {

constexpr double kShrinkage = 1e-3;  // of the mean variance within: a class of few samples spans few directions

struct ClassSum {
    Eigen::RowVectorXd sum;
    double count = 0;
};

struct Scatter {
    Eigen::MatrixXd total, between;
    Eigen::RowVectorXd mean;
    double count = 0;
};

bool counts(std::span<const std::int32_t> labels, Eigen::Index row) {
    return static_cast<std::size_t>(row) < labels.size() && labels[static_cast<std::size_t>(row)] >= 0;
}

std::map<std::int32_t, ClassSum> classSums(const RowsView<float>& rows, std::span<const std::int32_t> labels) {
    std::map<std::int32_t, ClassSum> sums;
    for (Eigen::Index i = 0; i < rows.rows(); ++i) {
        if (!counts(labels, i)) continue;
        ClassSum& entry = sums[labels[static_cast<std::size_t>(i)]];
        if (entry.count == 0) entry.sum = Eigen::RowVectorXd::Zero(rows.cols());
        entry.sum += rows.row(i).cast<double>();
        ++entry.count;
    }
    return sums;
}

Scatter scatterOf(const RowsView<float>& rows, std::span<const std::int32_t> labels,
                  const std::map<std::int32_t, ClassSum>& classes, const std::stop_token& stop) {
    Scatter scatter;
    scatter.total = scatter.between = Eigen::MatrixXd::Zero(rows.cols(), rows.cols());
    scatter.mean = Eigen::RowVectorXd::Zero(rows.cols());
    for (const auto& [label, entry] : classes) {
        scatter.mean += entry.sum;
        scatter.count += entry.count;
    }
    scatter.mean /= scatter.count;
    for (const auto& [label, entry] : classes) {
        const Eigen::RowVectorXd offset = entry.sum / entry.count - scatter.mean;
        scatter.between += entry.count / scatter.count * offset.transpose() * offset;
    }
    Eigen::MatrixXd block;
    for (Eigen::Index first = 0; first < rows.rows() && !stop.stop_requested(); first += 512) {
        const Eigen::Index size = std::min<Eigen::Index>(512, rows.rows() - first);
        block = rows.middleRows(first, size).cast<double>().rowwise() - scatter.mean;
        for (Eigen::Index i = 0; i < size; ++i)
            if (!counts(labels, first + i)) block.row(i).setZero();
        scatter.total.selfadjointView<Eigen::Lower>().rankUpdate(block.transpose());
    }
    const Eigen::MatrixXd full = scatter.total.selfadjointView<Eigen::Lower>();
    scatter.total = full / scatter.count;
    return scatter;
}

Eigen::MatrixXd fisherAxes(const Scatter& scatter, Eigen::Index wanted) {
    Eigen::MatrixXd within = scatter.total - scatter.between;
    const double floor = kShrinkage * scatter.total.trace() / static_cast<double>(within.rows());
    within.diagonal().array() += std::max(floor, 1e-30);
    const Eigen::GeneralizedSelfAdjointEigenSolver<Eigen::MatrixXd> solver(scatter.between, within);
    Eigen::MatrixXd axes = solver.eigenvectors().rowwise().reverse().leftCols(wanted);
    axes.colwise().normalize();
    return axes;
}

/// Principal axes of what lies at right angles to `axes`.
Eigen::MatrixXd remainingAxes(const Scatter& scatter, const Eigen::MatrixXd& axes, Eigen::Index wanted) {
    const Eigen::MatrixXd basis = Eigen::MatrixXd(axes.householderQr().householderQ()).leftCols(axes.cols());
    const Eigen::MatrixXd rest = Eigen::MatrixXd::Identity(axes.rows(), axes.rows()) - basis * basis.transpose();
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(rest * scatter.total * rest);
    return solver.eigenvectors().rowwise().reverse().leftCols(wanted);
}

void makeSignsRepeatable(Eigen::MatrixXd& axes) {
    for (Eigen::Index k = 0; k < axes.cols(); ++k) {
        Eigen::Index largest = 0;
        axes.col(k).cwiseAbs().maxCoeff(&largest);
        if (axes(largest, k) < 0) axes.col(k) = -axes.col(k);
    }
}

}  // namespace

std::optional<PcaBasis> discriminantAxes(const RowsView<float>& rows, std::span<const std::int32_t> labels,
                                         int components, std::stop_token stop) {
    const auto classes = classSums(rows, labels);
    if (classes.size() < 2)
        throw std::invalid_argument(
            "Discriminant axes part classes and need labels of at least two; choose PCA, or label some images.");
    const Scatter scatter = scatterOf(rows, labels, classes, stop);
    if (stop.stop_requested()) return std::nullopt;
    const Eigen::Index wanted = std::min<Eigen::Index>(components, rows.cols());
    const Eigen::Index fisher = std::min<Eigen::Index>(wanted, static_cast<Eigen::Index>(classes.size()) - 1);
    PcaBasis basis;
    basis.mean = scatter.mean;
    basis.axes.resize(rows.cols(), wanted);
    basis.axes.leftCols(fisher) = fisherAxes(scatter, fisher);
    if (wanted > fisher)
        basis.axes.rightCols(wanted - fisher) =
            remainingAxes(scatter, Eigen::MatrixXd(basis.axes.leftCols(fisher)), wanted - fisher);
    makeSignsRepeatable(basis.axes);
    basis.variances = (basis.axes.transpose() * scatter.total * basis.axes).diagonal();
    basis.totalVariance = scatter.total.trace();
    return basis;
}

}  // namespace embedscope
