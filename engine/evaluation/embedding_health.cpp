#include "engine/embedding_health.h"

#include "engine/evaluation/normalized_rows.h"
#include "engine/evaluation/query_rows.h"

#include <Eigen/Eigenvalues>

#include <algorithm>
#include <cmath>
#include <map>

namespace embedscope {
namespace {

using Row = Eigen::Map<const Eigen::RowVectorXf>;
constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

struct Rows {
    std::vector<float> numbers;
    std::vector<std::int32_t> labels;
    int dimension = 0;

    std::size_t count() const { return labels.size(); }
    Row row(std::size_t i) const { return {numbers.data() + i * static_cast<std::size_t>(dimension), dimension}; }
};

Rows finiteRows(std::span<const float> embeddings, int dimension, std::span<const std::int32_t> labels) {
    Rows rows{{}, {}, dimension};
    for (std::size_t i = 0; i < labels.size(); ++i) {
        const auto row =
            embeddings.subspan(i * static_cast<std::size_t>(dimension), static_cast<std::size_t>(dimension));
        if (!isFinite(row)) continue;
        rows.numbers.insert(rows.numbers.end(), row.begin(), row.end());
        rows.labels.push_back(labels[i]);
    }
    return rows;
}

/// Over all similar pairs at once: within a class, the sum over pairs of |x - y|² is n times the sum of |x - mean|².
double alignmentOf(const Rows& unit) {
    std::map<std::int32_t, std::pair<double, Eigen::RowVectorXd>> classes;  // size, sum
    for (std::size_t i = 0; i < unit.count(); ++i) {
        if (unit.labels[i] < 0) continue;
        auto& [size, sum] =
            classes.try_emplace(unit.labels[i], 0, Eigen::RowVectorXd::Zero(unit.dimension)).first->second;
        size += 1;
        sum += unit.row(i).cast<double>();
    }
    double distances = 0, pairs = 0;
    for (const auto& [label, entry] : classes) pairs += entry.first * (entry.first - 1) / 2;
    for (std::size_t i = 0; i < unit.count(); ++i) {
        if (unit.labels[i] < 0) continue;
        const auto& [size, sum] = classes.at(unit.labels[i]);
        distances += size * (unit.row(i).cast<double>() - sum / size).squaredNorm();
    }
    return pairs > 0 ? distances / pairs : kNone;
}

/// Every (count / kUniformityRows)-th row.
Rows thinned(const Rows& rows) {
    Rows kept{{}, {}, rows.dimension};
    for (std::size_t i = 0; i < kUniformityRows; ++i) {
        const Row row = rows.row(i * rows.count() / kUniformityRows);
        kept.numbers.insert(kept.numbers.end(), row.begin(), row.end());
        kept.labels.push_back(0);
    }
    return kept;
}

struct Uniformity {
    double value, error;
};

/// The mean over pairs is a U-statistic of the rows, of which each brings its own mean over its partners: its variance
/// is 4/n times theirs (W. Hoeffding: A Class of Statistics with Asymptotically Normal Distribution, 1948).
/// @param sums [n] Over the partners of each row. @param whole Rows of which these are a sample without replacement.
Uniformity uniformityOf(const std::vector<double>& sums, std::size_t whole) {
    const auto count = static_cast<double>(sums.size());
    double total = 0, squares = 0;
    for (const double sum : sums) total += sum;
    const double mean = total / (count * (count - 1));
    for (const double sum : sums) squares += std::pow(sum / (count - 1) - mean, 2);
    const double left = 1 - count / static_cast<double>(whole);
    return {std::log(mean), std::sqrt(4 / count * squares / (count - 1) * left) / mean};
}

/// @param whole Rows of which these are a sample.
std::optional<Uniformity> uniformityOf(const Rows& unit, std::size_t whole, std::stop_token stop) {
    if (unit.count() < 2) return Uniformity{kNone, kNone};
    const std::span<const float> numbers(unit.numbers);
    const std::vector<std::int32_t> everyone(unit.count(), 0);
    const Gallery<float> gallery(numbers, unit.dimension, everyone, 1);
    std::vector<double> sums(unit.count());  // summed in order at the end: no thread decides the last bit
    const bool complete =
        forQueries(gallery, leaveOneOut(gallery, numbers), stop, [&](std::size_t query, std::span<float> distances) {
            for (const float squared : distances) sums[query] += std::exp(-2.0 * squared);  // itself: exp(-inf) = 0
        });
    if (!complete) return std::nullopt;
    return uniformityOf(sums, whole);
}

Eigen::RowVectorXd meanOf(const Rows& rows) {
    Eigen::RowVectorXd sum = Eigen::RowVectorXd::Zero(rows.dimension);
    for (std::size_t i = 0; i < rows.count(); ++i) sum += rows.row(i).cast<double>();
    return sum / static_cast<double>(std::max<std::size_t>(rows.count(), 1));
}

double deviationOf(const Rows& unit) {
    if (unit.count() < 2) return kNone;
    const Eigen::RowVectorXd mean = meanOf(unit);
    Eigen::RowVectorXd squares = Eigen::RowVectorXd::Zero(unit.dimension);
    for (std::size_t i = 0; i < unit.count(); ++i) squares += (unit.row(i).cast<double>() - mean).cwiseAbs2();
    return (squares / static_cast<double>(unit.count() - 1)).cwiseSqrt().mean();
}

std::optional<double> effectiveRankOf(const Rows& rows, std::stop_token stop) {
    if (rows.count() == 0) return kNone;
    constexpr std::size_t kBlock = 512;
    const Eigen::RowVectorXd mean = meanOf(rows);
    Eigen::MatrixXd covariance = Eigen::MatrixXd::Zero(rows.dimension, rows.dimension);
    for (std::size_t first = 0; first < rows.count(); first += kBlock) {
        if (stop.stop_requested()) return std::nullopt;
        const std::size_t count = std::min(kBlock, rows.count() - first);
        Eigen::MatrixXd block(count, rows.dimension);
        for (std::size_t i = 0; i < count; ++i)
            block.row(static_cast<Eigen::Index>(i)) = rows.row(first + i).cast<double>() - mean;
        covariance.selfadjointView<Eigen::Lower>().rankUpdate(block.transpose());
    }
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(covariance, Eigen::EigenvaluesOnly);
    const Eigen::VectorXd eigenvalues = solver.eigenvalues().cwiseMax(0);
    // Below this an eigenvalue is rounding; its root would not be small.
    const double rounding = eigenvalues.maxCoeff() * rows.dimension * std::numeric_limits<double>::epsilon();
    const Eigen::VectorXd singular = (eigenvalues.array() > rounding).select(eigenvalues.cwiseSqrt(), 0);
    if (singular.sum() <= 0) return 0;
    double entropy = 0;
    for (const double value : singular / singular.sum())
        if (value > 0) entropy -= value * std::log(value);
    return std::exp(entropy);
}

}  // namespace

std::optional<EmbeddingHealth> embeddingHealth(std::span<const float> embeddings, int dimension,
                                               std::span<const std::int32_t> labels, std::stop_token stop) {
    Rows rows = finiteRows(embeddings, dimension, labels);
    const auto rank = effectiveRankOf(rows, stop);
    normalizeRows(std::span(rows.numbers), dimension);
    const bool many = rows.count() > kUniformityRows;
    const auto uniformity = uniformityOf(many ? thinned(rows) : rows, rows.count(), stop);
    if (!rank || !uniformity) return std::nullopt;
    return EmbeddingHealth{alignmentOf(rows), uniformity->value, deviationOf(rows), *rank, uniformity->error, many};
}

}  // namespace embedscope
