#include "engine/projections/spectral_start.h"

#include <Eigen/Eigenvalues>
#include <Eigen/QR>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

// Belkin, Niyogi 2003 ("Laplacian eigenmaps"); found by subspace iteration with Chebyshev filters: Zhou, Saad 2007 ("A
// Chebyshev-Davidson algorithm").

namespace embedscope {
namespace {

constexpr Eigen::Index kSpare = 3;  // columns beyond the wanted ones: the filter is steeper for them
constexpr int kDegree = 20;
constexpr int kMostRounds = 15;
constexpr double kSettled = 0.02;  // sine of the angle to the round before; a map moves on from its start anyway
constexpr std::size_t kRowsAtOnce = 512;

using Columns = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// D^-1/2 W D^-1/2, whose largest eigenvalues are the smallest of the normalised Laplacian.
class Affinity {
public:
    Affinity(const SparseRows<float>& graph, Workers& workers)
        : graph_(graph), workers_(workers), roots_(static_cast<Eigen::Index>(graph.count())) {
        for (std::size_t i = 0; i < graph.count(); ++i) {
            double degree = 0;
            for (std::uint32_t at = graph.begins[i]; at < graph.begins[i + 1]; ++at)
                degree += static_cast<double>(graph.values[at]);
            roots_[static_cast<Eigen::Index>(i)] = std::sqrt(degree);
        }
    }

    /// The eigenvector of the eigenvalue 1.
    Eigen::VectorXd first() const { return roots_.normalized(); }

    Columns times(const Columns& columns) const {
        Columns product(columns.rows(), columns.cols());
        workers_.forBlocks(graph_.count(), kRowsAtOnce, [&](std::size_t begin, std::size_t end) {
            for (std::size_t i = begin; i < end; ++i) {
                const auto row = static_cast<Eigen::Index>(i);
                product.row(row).setZero();
                for (std::uint32_t at = graph_.begins[i]; at < graph_.begins[i + 1]; ++at) {
                    const Eigen::Index other = graph_.columns[at];
                    product.row(row) += static_cast<double>(graph_.values[at]) / roots_[other] * columns.row(other);
                }
                product.row(row) /= roots_[row];
            }
        });
        return product;
    }

private:
    const SparseRows<float>& graph_;
    Workers& workers_;
    Eigen::VectorXd roots_;
};

bool isConnected(const SparseRows<float>& graph) {
    std::vector<bool> seen(graph.count());
    std::vector<std::int32_t> waiting{0};
    seen[0] = true;
    std::size_t reached = 1;
    while (!waiting.empty()) {
        const auto row = static_cast<std::size_t>(waiting.back());
        waiting.pop_back();
        for (std::uint32_t at = graph.begins[row]; at < graph.begins[row + 1]; ++at) {
            const auto other = static_cast<std::size_t>(graph.columns[at]);
            if (seen[other] || !(graph.values[at] > 0)) continue;
            seen[other] = true;
            ++reached;
            waiting.push_back(graph.columns[at]);
        }
    }
    return reached == graph.count();
}

/// Small inside [-1, border], large above it.
Columns filtered(const Affinity& affinity, const Columns& columns, double border) {
    const double half = (border + 1) / 2, middle = (border - 1) / 2;
    Columns before = columns;
    Columns now = (affinity.times(columns) - middle * columns) / half;
    for (int degree = 2; degree <= kDegree; ++degree) {
        Columns next = 2 / half * (affinity.times(now) - middle * now) - before;
        before = std::move(now);
        now = std::move(next);
    }
    return now;
}

void orthonormalize(Columns& columns, const Eigen::VectorXd& first) {
    columns -= first * (first.transpose() * columns);
    const Eigen::HouseholderQR<Eigen::MatrixXd> qr{Eigen::MatrixXd(columns)};
    columns = qr.householderQ() * Eigen::MatrixXd::Identity(columns.rows(), columns.cols());
}

}  // namespace

std::optional<MapPoints<float>> spectralStart(const SparseRows<float>& graph, int dims, double deviation,
                                              Workers& workers, std::stop_token stop) {
    const auto count = static_cast<Eigen::Index>(graph.count());
    if (count <= dims + kSpare + 1 || !isConnected(graph)) return std::nullopt;
    const Affinity affinity(graph, workers);
    const Eigen::VectorXd first = affinity.first();
    Columns columns(count, dims + kSpare);
    for (Eigen::Index i = 0; i < count; ++i)
        for (Eigen::Index k = 0; k < columns.cols(); ++k)
            columns(i, k) = std::sin(static_cast<double>(i + 1) * static_cast<double>(k + 2) * 1.618033988749895);
    orthonormalize(columns, first);

    Columns leading;
    double border = 0.5;
    for (int round = 0; round < kMostRounds; ++round) {
        if (stop.stop_requested()) return std::nullopt;
        columns = filtered(affinity, columns, border);
        orthonormalize(columns, first);
        const Eigen::MatrixXd inside = columns.transpose() * affinity.times(columns);
        const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver((inside + inside.transpose()) / 2);
        columns = columns * solver.eigenvectors().rowwise().reverse();
        border = std::clamp(solver.eigenvalues()[0], border, 1 - 1e-6);
        const Columns newest = columns.leftCols(dims);
        const bool settled =
            round > 0 && (newest - leading * (leading.transpose() * newest)).colwise().norm().maxCoeff() < kSettled;
        leading = newest;
        if (settled) break;
    }

    MapPoints<float> points(dims, graph.count());
    for (int d = 0; d < dims; ++d) {
        const Eigen::VectorXd axis = leading.col(d).array() - leading.col(d).mean();
        const double scale = deviation * std::sqrt(static_cast<double>(count)) / axis.norm();
        for (Eigen::Index i = 0; i < count; ++i)
            points.at(d)[static_cast<std::size_t>(i)] = static_cast<float>(scale * axis[i]);
    }
    return points;
}

}  // namespace embedscope
