#include "engine/embedding_health.h"

#include "engine/evaluation/normalized_rows.h"
#include "tests/support/random_points.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>

using namespace embedscope;

namespace {

double squaredDistance(const std::vector<float>& rows, int width, std::size_t a, std::size_t b) {
    double sum = 0;
    for (int k = 0; k < width; ++k) sum += std::pow(double(rows[a * width + k]) - rows[b * width + k], 2);
    return sum;
}

bool near(double a, double b, double tolerance) {
    return std::abs(a - b) <= tolerance;
}

/// Of a symmetric matrix [n, n], by Jacobi's rotations.
std::vector<double> eigenvalues(std::vector<std::vector<double>> matrix) {
    const std::size_t n = matrix.size();
    for (int sweep = 0; sweep < 30; ++sweep)
        for (std::size_t p = 0; p < n; ++p)
            for (std::size_t q = p + 1; q < n; ++q) {
                const double angle = std::atan2(2 * matrix[p][q], matrix[q][q] - matrix[p][p]) / 2;
                const double c = std::cos(angle), s = std::sin(angle);
                const auto rotate = [c, s](double& a, double& b) {
                    const double before = a;
                    a = c * before - s * b;
                    b = s * before + c * b;
                };
                for (std::size_t k = 0; k < n; ++k) rotate(matrix[k][p], matrix[k][q]);
                for (std::size_t k = 0; k < n; ++k) rotate(matrix[p][k], matrix[q][k]);
            }
    std::vector<double> values;
    for (std::size_t i = 0; i < n; ++i) values.push_back(matrix[i][i]);
    return values;
}

std::vector<std::int32_t> cyclicLabels(std::size_t count, int classes) {
    std::vector<std::int32_t> labels(count);
    for (std::size_t i = 0; i < count; ++i) labels[i] = std::int32_t(i) % classes;
    return labels;
}

}  // namespace

class EmbeddingHealthTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void AlignmentAndUniformityMatchTheirFormulas() {
        auto rows = RandomPoints(1).rows(150, 5);
        auto labels = cyclicLabels(150, 4);
        labels[3] = -1;
        const EmbeddingHealth found = *embeddingHealth(rows, 5, labels);
        normalizeRows(std::span(rows), 5);
        double alignment = 0, similar = 0, uniformity = 0, pairs = 0;
        for (std::size_t a = 0; a < 150; ++a)
            for (std::size_t b = a + 1; b < 150; ++b) {
                const double squared = squaredDistance(rows, 5, a, b);
                uniformity += std::exp(-2 * squared), pairs += 1;
                if (labels[a] >= 0 && labels[a] == labels[b]) alignment += squared, similar += 1;
            }
        QVERIFY(near(found.alignment, alignment / similar, 1e-6));
        QVERIFY(near(found.uniformity, std::log(uniformity / pairs), 1e-6));
        QVERIFY(!found.uniformityIsSampled);
    }

    void DeviationOfSpreadRowsIsOneOverRootDimension() {
        const EmbeddingHealth found = *embeddingHealth(RandomPoints(2).rows(4000, 16), 16, cyclicLabels(4000, 2));
        QVERIFY(near(found.deviation, 0.25, 0.005));
        QVERIFY(found.effectiveRank > 15.8 && found.effectiveRank <= 16);
    }

    /// Directions of very different widths, far from the origin.
    void MatchesItsFormulasOn2000Points() {
        constexpr std::size_t kRows = 2000, kWidth = 12;
        auto rows = RandomPoints(8).rows(kRows, kWidth);
        for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = 3 + rows[i] / static_cast<float>(1 + i % kWidth);
        const EmbeddingHealth found = *embeddingHealth(rows, kWidth, cyclicLabels(kRows, 7));

        const auto covariance = [](const std::vector<float>& of) {
            std::vector<double> mean(kWidth);
            for (std::size_t i = 0; i < of.size(); ++i) mean[i % kWidth] += of[i] / double(kRows);
            std::vector matrix(kWidth, std::vector<double>(kWidth));
            for (std::size_t row = 0; row < kRows; ++row)
                for (std::size_t a = 0; a < kWidth; ++a)
                    for (std::size_t b = 0; b < kWidth; ++b)
                        matrix[a][b] += (of[row * kWidth + a] - mean[a]) * (of[row * kWidth + b] - mean[b]) / kRows;
            return matrix;
        };
        std::vector<double> singular = eigenvalues(covariance(rows));
        for (double& each : singular) each = std::sqrt(each);
        const double whole = std::accumulate(singular.begin(), singular.end(), 0.0);
        double entropy = 0;
        for (const double each : singular) entropy -= each / whole * std::log(each / whole);
        QVERIFY2(near(found.effectiveRank, std::exp(entropy), 1e-4),
                 qPrintable(QString("%1, not %2").arg(found.effectiveRank).arg(std::exp(entropy))));

        normalizeRows(std::span(rows), kWidth);
        const auto normalized = covariance(rows);
        double deviation = 0, alignment = 0, similar = 0, uniformity = 0;
        for (std::size_t k = 0; k < kWidth; ++k)
            deviation += std::sqrt(normalized[k][k] * kRows / (kRows - 1)) / kWidth;
        for (std::size_t a = 0; a < kRows; ++a)
            for (std::size_t b = a + 1; b < kRows; ++b) {
                const double squared = squaredDistance(rows, kWidth, a, b);
                uniformity += std::exp(-2 * squared);
                if (a % 7 == b % 7) alignment += squared, similar += 1;
            }
        QVERIFY(near(found.deviation, deviation, 1e-6));
        QVERIFY(near(found.alignment, alignment / similar, 1e-6));
        QVERIFY(near(found.uniformity, std::log(uniformity / (kRows * (kRows - 1) / 2)), 1e-6));
    }

    void EffectiveRankCountsDirections() {
        // Four orthogonal directions with equal spread out of ten.
        std::vector<float> rows(8 * 10, 7);
        for (int i = 0; i < 8; ++i) rows[std::size_t(i * 10 + i / 2)] += i % 2 == 0 ? 1.0F : -1.0F;
        QVERIFY(near(embeddingHealth(rows, 10, cyclicLabels(8, 2))->effectiveRank, 4, 1e-9));
        // Singular values 3 : 1 give exp(H(3/4, 1/4)).
        const std::vector<float> uneven = {3, 0, -3, 0, 0, 1, 0, -1};
        const double entropy = -0.75 * std::log(0.75) - 0.25 * std::log(0.25);
        QVERIFY(near(embeddingHealth(uneven, 2, cyclicLabels(4, 2))->effectiveRank, std::exp(entropy), 1e-9));
    }

    void CollapsedRowsShowIt() {
        const EmbeddingHealth found = *embeddingHealth(std::vector<float>(40 * 6, 0.5F), 6, cyclicLabels(40, 2));
        QVERIFY(near(found.alignment, 0, 1e-12));
        QVERIFY(near(found.uniformity, 0, 1e-12));
        QVERIFY(near(found.deviation, 0, 1e-7));
        QCOMPARE(found.effectiveRank, 0.0);
    }

    void ZeroRowsAndBrokenRowsGiveNoNaN() {
        auto rows = RandomPoints(3).rows(30, 4);
        std::fill_n(rows.begin(), 8, 0.0F);
        rows[17] = std::numeric_limits<float>::quiet_NaN();
        const EmbeddingHealth found = *embeddingHealth(rows, 4, cyclicLabels(30, 3));
        for (const double value : {found.alignment, found.uniformity, found.deviation, found.effectiveRank})
            QVERIFY(std::isfinite(value));
    }

    void NothingToMeasureIsNaN() {
        const EmbeddingHealth none = *embeddingHealth({}, 4, {});
        for (const double value : {none.alignment, none.uniformity, none.deviation, none.effectiveRank})
            QVERIFY(std::isnan(value));
        const auto rows = RandomPoints(4).rows(10, 4);
        QVERIFY(std::isnan(embeddingHealth(rows, 4, std::vector<std::int32_t>(10, -1))->alignment));
    }

    void ManyRowsAreSampledForUniformity() {
        const auto rows = RandomPoints(5).rows(20'000, 4);
        const EmbeddingHealth sampled = *embeddingHealth(rows, 4, cyclicLabels(20'000, 2));
        const EmbeddingHealth whole = *embeddingHealth(std::span(rows).first(4'000 * 4), 4, cyclicLabels(4'000, 2));
        QVERIFY(sampled.uniformityIsSampled && !whole.uniformityIsSampled);
        QVERIFY(sampled.uniformityError > 0 && whole.uniformityError == 0);
        QVERIFY(near(sampled.uniformity, whole.uniformity, 0.02));
    }

    /// Against all pairs, over orders of the rows, each of which makes another sample.
    void TheErrorOfTheUniformityIsHowFarSamplesLie() {
        constexpr std::size_t kRows = 6'000, kWidth = 3;
        constexpr int kSamples = 24;
        auto rows = RandomPoints(6).rows(kRows, kWidth);
        for (std::size_t i = 0; i < kRows; i += 3) rows[i * kWidth] += 4;  // uneven, so that samples differ
        normalizeRows(std::span(rows), kWidth);
        double all = 0;
        for (std::size_t a = 0; a < kRows; ++a)
            for (std::size_t b = a + 1; b < kRows; ++b) all += std::exp(-2 * squaredDistance(rows, kWidth, a, b));
        all = std::log(all / (double(kRows) * (kRows - 1) / 2));

        std::vector<std::size_t> order(kRows);
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::mt19937 generator(7);
        double squares = 0, told = 0;
        for (int sample = 0; sample < kSamples; ++sample) {
            std::ranges::shuffle(order, generator);
            std::vector<float> shuffled;
            for (const std::size_t row : order)
                for (std::size_t k = 0; k < kWidth; ++k) shuffled.push_back(rows[row * kWidth + k]);
            const auto found = *embeddingHealth(shuffled, kWidth, cyclicLabels(kRows, 2));
            QVERIFY(std::abs(found.uniformity - all) < 4 * found.uniformityError);
            squares += std::pow(found.uniformity - all, 2) / kSamples;
            told += found.uniformityError / kSamples;
        }
        const double ratio = std::sqrt(squares) / told;  // of 24 samples within about 14 %
        QVERIFY2(ratio > 0.6 && ratio < 1.5, qPrintable(QString("%1 of %2").arg(std::sqrt(squares)).arg(told)));
    }

    void StopEndsIt() {
        std::stop_source stop;
        stop.request_stop();
        QVERIFY(!embeddingHealth(RandomPoints(1).rows(100, 3), 3, cyclicLabels(100, 2), stop.get_token()));
    }
};

QTEST_APPLESS_MAIN(EmbeddingHealthTest)
#include "embedding_health_test.moc"
