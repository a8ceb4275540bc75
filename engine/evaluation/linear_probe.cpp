// Linear evaluation: G. Alain, Y. Bengio: Understanding intermediate layers using linear classifier probes
// (1610.01644). Fitted by accelerated gradient steps: Y. Nesterov 1983, with the restart of B. O'Donoghue and E. Candès
// 2015.
#include "engine/evaluation/linear_probe.h"

#include <Eigen/Core>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <vector>

namespace embedscope {
namespace {

using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using RowVector = Eigen::RowVectorXf;

constexpr std::size_t kMostRows = 3000;
/// Rows times dimensions times classes: bounds the time to a second or two.
constexpr std::size_t kMostWork = 30'000'000;
constexpr int kSteps = 100;
constexpr float kRidge = 1e-4F;  ///< Keeps the weights finite where the classes can be cut cleanly.

using Classes = std::map<std::int32_t, Eigen::Index>;

Classes classesOf(std::span<const std::int32_t> labels) {
    Classes classes;
    for (const std::int32_t label : labels)
        if (label >= 0) classes.emplace(label, 0);
    Eigen::Index next = 0;
    for (auto& [label, index] : classes) index = next++;
    return classes;
}

struct Rows {
    Matrix values;                      ///< [N, D]
    std::vector<Eigen::Index> classes;  ///< [N]
};

/// The rows of known classes, at most `most` of them, evenly spread.
Rows chosen(const LabelledRows& rows, int dimension, const Classes& classes, std::size_t most) {
    std::vector<std::size_t> known;
    for (std::size_t i = 0; i < rows.labels.size(); ++i)
        if (classes.contains(rows.labels[i])) known.push_back(i);
    const std::size_t count = std::min(known.size(), most);
    Rows result{Matrix(static_cast<Eigen::Index>(count), dimension), {}};
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t row = known[i * known.size() / count];
        result.values.row(static_cast<Eigen::Index>(i)) =
            Eigen::Map<const RowVector>(rows.embeddings.data() + row * static_cast<std::size_t>(dimension), dimension);
        result.classes.push_back(classes.at(rows.labels[row]));
    }
    return result;
}

/// Every dimension to mean 0 and deviation 1 over the fitted rows, so that one step suits all.
struct Scaling {
    RowVector mean, factor;
    explicit Scaling(const Matrix& rows) : mean(rows.colwise().mean()) {
        const RowVector variance = (rows.rowwise() - mean).array().square().colwise().mean();
        factor = (variance.array() > 1e-12F).select(variance.array().rsqrt(), 0);
    }
    void apply(Matrix& rows) const { rows = ((rows.rowwise() - mean).array().rowwise() * factor.array()).matrix(); }
};

struct Weights {
    Matrix slopes;   ///< [D, C]
    RowVector bias;  ///< [C]
};

/// Of the mean cross-entropy with a ridge.
Weights gradientOf(const Rows& rows, const Weights& at) {
    Matrix shares = (rows.values * at.slopes).rowwise() + at.bias;
    for (Eigen::Index i = 0; i < shares.rows(); ++i) {
        auto row = shares.row(i);
        row = (row.array() - row.maxCoeff()).exp().matrix();
        row /= row.sum();
        row[rows.classes[static_cast<std::size_t>(i)]] -= 1;
    }
    const float each = 1.0F / static_cast<float>(shares.rows());
    return {each * (rows.values.transpose() * shares) + kRidge * at.slopes, each * shares.colwise().sum()};
}

/// The longest step that cannot overshoot: the curvature is at most half the largest eigenvalue of the second moments.
float stepLength(const Matrix& rows) {
    Eigen::VectorXf direction = Eigen::VectorXf::Ones(rows.cols()).normalized();
    float largest = 0;
    for (int round = 0; round < 20; ++round) {
        const Eigen::VectorXf next = rows.transpose() * (rows * direction) / static_cast<float>(rows.rows());
        largest = next.norm();
        if (largest <= 0) break;
        direction = next / largest;
    }
    return 1 / (0.55F * std::max(largest, 1.0F) + kRidge);  // 0.55: twenty rounds come near the largest from below
}

std::optional<Weights> fit(const Rows& rows, Eigen::Index classes, const std::stop_token& stop) {
    const float step = stepLength(rows.values);
    Weights now{Matrix::Zero(rows.values.cols(), classes), RowVector::Zero(classes)};
    Weights ahead = now;
    float speed = 1;
    for (int i = 0; i < kSteps; ++i) {
        if (stop.stop_requested()) return std::nullopt;
        const Weights gradient = gradientOf(rows, ahead);
        Weights next{ahead.slopes - step * gradient.slopes, ahead.bias - step * gradient.bias};
        if (gradient.slopes.cwiseProduct(next.slopes - now.slopes).sum() > 0) speed = 1;
        const float faster = (1 + std::sqrt(1 + 4 * speed * speed)) / 2, carry = (speed - 1) / faster;
        ahead = {next.slopes + carry * (next.slopes - now.slopes), next.bias + carry * (next.bias - now.bias)};
        now = std::move(next);
        speed = faster;
    }
    return now;
}

double shareRight(const Rows& rows, const Weights& weights) {
    const Matrix scores = (rows.values * weights.slopes).rowwise() + weights.bias;
    std::size_t right = 0;
    for (Eigen::Index i = 0; i < scores.rows(); ++i) {
        Eigen::Index best = 0;
        scores.row(i).maxCoeff(&best);
        right += best == rows.classes[static_cast<std::size_t>(i)];
    }
    return static_cast<double>(right) / static_cast<double>(scores.rows());
}

}  // namespace

std::optional<double> linearProbe(const LabelledRows& fitted, const LabelledRows& tested, int dimension,
                                  std::stop_token stop) {
    const Classes classes = classesOf(fitted.labels);
    if (classes.size() < 2) return std::numeric_limits<double>::quiet_NaN();
    const std::size_t affordable = kMostWork / (static_cast<std::size_t>(dimension) * classes.size());
    Rows learned = chosen(fitted, dimension, classes, std::clamp<std::size_t>(affordable, 1, kMostRows));
    Rows asked = chosen(tested, dimension, classes, tested.labels.size());
    if (asked.classes.empty()) return std::numeric_limits<double>::quiet_NaN();
    const Scaling scaling(learned.values);
    scaling.apply(learned.values);
    scaling.apply(asked.values);
    const std::optional<Weights> weights = fit(learned, static_cast<Eigen::Index>(classes.size()), stop);
    if (!weights) return std::nullopt;
    return shareRight(asked, *weights);
}

}  // namespace embedscope
