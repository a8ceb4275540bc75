// The smooth curve over the bars of distances.
#include "ui/charts/density_curve.h"

#include "ui/charts/kernel_width.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>
#include <random>
#include <vector>

using namespace embedscope;

namespace {

constexpr double kEdge = 2;

/// Of pairs that have these distances.
DistanceDistribution distributionOf(const std::vector<double>& distances) {
    std::vector<float> rows{0};
    PairSample pairs;
    for (const double distance : distances) {
        pairs.similar.push_back({0, static_cast<std::int32_t>(rows.size())});
        rows.push_back(static_cast<float>(distance));
    }
    return distanceStatistics(rows, 1, pairs, true).similar;
}

std::vector<double> drawn(int count, const std::function<double(std::mt19937&)>& one) {
    std::mt19937 generator(7);
    std::vector<double> distances(static_cast<std::size_t>(count));
    for (double& each : distances) each = std::clamp(one(generator), 0.0, kEdge);
    return distances;
}

double normal(std::mt19937& generator, double mean, double deviation) {
    return std::normal_distribution(mean, deviation)(generator);
}

double bell(double x, double mean, double deviation) {
    const double z = (x - mean) / deviation;
    return std::exp(-z * z / 2) / (deviation * std::sqrt(2 * std::numbers::pi));
}

}  // namespace

class DensityCurveTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    /// Against the sum over all pairs, and as much area below it as there are pairs.
    void IsTheKernelDensityOfThePairs() {
        const auto distances = drawn(400, [](std::mt19937& g) { return normal(g, 1, 0.2); });
        const DistanceDistribution found = distributionOf(distances);
        const double width = kEdge * kernelWidth(found.share, found.count);
        double area = 0;
        for (const DensityPoint& point : densityCurve(found, kEdge)) {
            double expected = 0;
            for (const double distance : distances) expected += bell(point.distance, distance, width) / 400;
            QVERIFY2(std::abs(point.density - expected) < 0.01, qPrintable(QString::number(point.distance)));
            area += point.density * kEdge / 128;
        }
        QVERIFY(std::abs(area - 1) < 0.01);
    }

    /// Two narrow peaks far apart, of which a rule for one normal distribution makes two hills.
    void NarrowPeaksStayNarrow() {
        const DistanceDistribution found = distributionOf(
            drawn(2000, [](std::mt19937& g) { return g() % 2 ? normal(g, 0.5, 0.06) : normal(g, 1.5, 0.06); }));
        for (const DensityPoint& point : densityCurve(found, kEdge)) {
            const double truth = (bell(point.distance, 0.5, 0.06) + bell(point.distance, 1.5, 0.06)) / 2;
            QVERIFY2(std::abs(point.density - truth) < 0.45,
                     qPrintable(QString("%1: %2, not %3").arg(point.distance).arg(point.density).arg(truth)));
        }
    }

    /// One normal distribution: about the width that its own rule gives, with few pairs and with many.
    void TheWidthOfANormalDistributionIsThatOfItsRule_data() {
        QTest::addColumn<int>("count");
        for (const int count : {200, 2000, 20'000}) QTest::addRow("%d", count) << count;
    }
    void TheWidthOfANormalDistributionIsThatOfItsRule() {
        QFETCH(int, count);
        const auto found = distributionOf(drawn(count, [](std::mt19937& g) { return normal(g, 1, 0.2); }));
        const double rule = 1.06 * 0.2 * std::pow(count, -0.2), width = kEdge * kernelWidth(found.share, found.count);
        QVERIFY2(width > 0.6 * rule && width < 1.5 * rule, qPrintable(QString("%1, rule %2").arg(width).arg(rule)));
    }

    /// Pairs that are all equal, a single one, even ones, none at all, and more bins than bars.
    void StandsExtremes() {
        QVERIFY(densityCurve({}, kEdge).empty());
        const std::vector<std::vector<double>> extremes{
            {0, 0, 0}, {1.3}, {2, 2}, {0.2, 1.8}, drawn(5000, [](std::mt19937& g) { return 2.0 * (g() % 997) / 996; })};
        for (const std::vector<double>& distances : extremes) {
            const DistanceDistribution found = distributionOf(distances);
            QCOMPARE(barsOf(found).size(), std::size_t{kHistogramBins});
            double area = 0;
            for (const DensityPoint& point : densityCurve(found, kEdge)) {
                QVERIFY(std::isfinite(point.density) && point.density >= 0);
                area += point.density * kEdge / 128;
            }
            QVERIFY2(area > 0.5 && area < 1.6, qPrintable(QString::number(area)));
        }
        QCOMPARE(barsOf(distributionOf({0, 0, 0})).front(), 1.0);
    }
};

QTEST_GUILESS_MAIN(DensityCurveTest)
#include "density_curve_test.moc"
