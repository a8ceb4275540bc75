#include "engine/class_distances.h"

#include "tests/support/random_points.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

using namespace embedscope;

namespace {

/// Points around class centres on a line, one apart.
struct Points {
    static constexpr int kWidth = 3;
    std::vector<float> rows;
    std::vector<std::int32_t> labels;

    Points(std::size_t count, int classes, std::uint64_t seed) {
        RandomPoints random(seed);
        rows = random.rows(count, kWidth);
        for (std::size_t i = 0; i < count; ++i) {
            labels.push_back(static_cast<std::int32_t>(i) % classes);
            rows[i * kWidth] = rows[i * kWidth] * 0.2F + static_cast<float>(labels.back());
        }
    }
    double distance(std::size_t a, std::size_t b) const {
        double square = 0;
        for (int k = 0; k < kWidth; ++k) square += std::pow(double(rows[a * kWidth + k]) - rows[b * kWidth + k], 2);
        return std::sqrt(square);
    }
};

}  // namespace

class ClassDistancesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void MeansAreThoseOfAllPairsOf2000Points() {
        const Points points(2000, 5, 1);
        const ClassDistances found = *classDistances(points.rows, Points::kWidth, points.labels);
        QCOMPARE(found.classes.size(), std::size_t{5});
        QCOMPARE(found.rows, std::size_t{2000});
        for (int a = 0; a < 5; ++a)
            for (int b = a; b < 5; ++b) {
                double sum = 0;
                std::size_t pairs = 0;
                for (std::size_t i = 0; i < 2000; ++i)
                    for (std::size_t j = i + 1; j < 2000; ++j) {
                        const auto low = std::min(points.labels[i], points.labels[j]);
                        const auto high = std::max(points.labels[i], points.labels[j]);
                        if (low == a && high == b) sum += points.distance(i, j), ++pairs;
                    }
                const ClassDistance& one = found.between(static_cast<std::size_t>(a), static_cast<std::size_t>(b));
                const ClassDistance& other = found.between(static_cast<std::size_t>(b), static_cast<std::size_t>(a));
                QCOMPARE(one.pairs, pairs);
                QVERIFY(std::abs(one.mean - sum / static_cast<double>(pairs)) < 1e-9);
                QVERIFY(std::abs(one.mean - other.mean) < 1e-9);
                QVERIFY(std::abs(one.standardError - other.standardError) < 1e-9);
            }
    }

    /// Many small samples scatter as each of them says that it does.
    void StandardErrorsAreTheScatterOfRepeatedSamples() {
        for (const std::size_t b : {std::size_t{0}, std::size_t{1}}) {
            double sum = 0, squares = 0, told = 0;
            constexpr int kSamples = 400;
            for (int seed = 0; seed < kSamples; ++seed) {
                const Points points(60, 2, static_cast<std::uint64_t>(seed) + 10);
                const ClassDistances found = *classDistances(points.rows, Points::kWidth, points.labels);
                const ClassDistance& one = found.between(0, b);
                sum += one.mean, squares += one.mean * one.mean, told += one.standardError;
            }
            const double mean = sum / kSamples, scatter = std::sqrt(squares / kSamples - mean * mean);
            QVERIFY2(std::abs(told / kSamples / scatter - 1) < 0.15, std::to_string(told / kSamples / scatter).c_str());
        }
    }

    void TheNearestOtherClassIsTheImpostor() {
        const Points points(300, 4, 3);
        const ClassDistances found = *classDistances(points.rows, Points::kWidth, points.labels);
        QCOMPARE(found.classes[0].impostor, 1);
        QCOMPARE(found.classes[3].impostor, 2);
        for (const ClassNeighborhood& each : found.classes) QVERIFY(each.spread < each.impostorDistance);
    }

    void LoneUnlabelledAndInfiniteRowsAreNoPairs() {
        Points points(40, 2, 4);
        points.labels[0] = -1;
        points.labels[1] = 7;
        points.rows[2 * Points::kWidth] = std::numeric_limits<float>::infinity();
        const ClassDistances found = *classDistances(points.rows, Points::kWidth, points.labels);
        QCOMPARE(found.rows, std::size_t{38});
        QCOMPARE(found.classes.size(), std::size_t{3});
        QVERIFY(std::isnan(found.classes[2].spread));
        QCOMPARE(found.between(2, 2).pairs, std::size_t{0});
        QVERIFY(std::isnan(found.between(2, 0).standardError) && std::isfinite(found.between(2, 0).mean));
    }

    void NothingGivesNothingAndAStopEndsIt() {
        QVERIFY(classDistances({}, 3, {})->classes.empty());
        std::stop_source stop;
        stop.request_stop();
        const Points points(100, 2, 5);
        QVERIFY(!classDistances(points.rows, Points::kWidth, points.labels, stop.get_token()));
    }
};

QTEST_GUILESS_MAIN(ClassDistancesTest)
#include "class_distances_test.moc"
