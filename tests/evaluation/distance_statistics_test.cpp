#include "engine/distance_statistics.h"

#include "tests/support/random_points.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <set>

using namespace embedscope;

namespace {

double distanceOf(const std::vector<float>& rows, int dimension, RowPair pair) {
    double sum = 0;
    for (int k = 0; k < dimension; ++k) {
        const double difference = double(rows[pair.first * dimension + k]) - rows[pair.second * dimension + k];
        sum += difference * difference;
    }
    return std::sqrt(sum);
}

std::vector<double> sortedDistances(const std::vector<float>& rows, int dimension, const std::vector<RowPair>& pairs) {
    std::vector<double> distances;
    for (const RowPair pair : pairs) distances.push_back(distanceOf(rows, dimension, pair));
    std::ranges::sort(distances);
    return distances;
}

/// numpy.quantile, written down.
double quantile(const std::vector<double>& sorted, double q) {
    const double position = q * double(sorted.size() - 1);
    const auto low = std::size_t(std::floor(position));
    const auto high = std::size_t(std::ceil(position));
    return sorted[low] * (double(high) - position) + sorted[high] * (position - double(low)) +
           (low == high ? sorted[low] : 0);
}

bool near(double a, double b, double tolerance) {
    return std::abs(a - b) <= tolerance;
}

std::set<std::pair<int, int>> asSet(const std::vector<RowPair>& pairs) {
    std::set<std::pair<int, int>> result;
    for (const auto& [a, b] : pairs) result.insert({std::min(a, b), std::max(a, b)});
    return result;
}

const std::vector<std::int32_t> kLabels = {2, 0, -1, 1, 0, 2, 0, 5, -1, 1};

}  // namespace

class DistanceStatisticsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void AllPairsWhenFew() {
        const PairSample pairs = samplePairs(kLabels, 1000, 3);
        std::set<std::pair<int, int>> similar, dissimilar;
        for (int a = 0; a < 10; ++a)
            for (int b = a + 1; b < 10; ++b) {
                if (kLabels[a] < 0 || kLabels[b] < 0) continue;
                (kLabels[a] == kLabels[b] ? similar : dissimilar).insert({a, b});
            }
        QCOMPARE(asSet(pairs.similar), similar);
        QCOMPARE(pairs.similar.size(), similar.size());
        QCOMPARE(asSet(pairs.dissimilar), dissimilar);
        QCOMPARE(pairs.dissimilar.size(), dissimilar.size());
    }

    void DrawnPairsAreDistinctAndOfTheirKind() {
        RandomPoints random(7);
        std::vector<std::int32_t> labels(500);
        for (auto& label : labels) label = std::int32_t(random.below(9)) - 1;
        const PairSample pairs = samplePairs(labels, 2000, 11);
        QCOMPARE(asSet(pairs.similar).size(), 2000U);
        QCOMPARE(asSet(pairs.dissimilar).size(), 2000U);
        for (const auto& [a, b] : pairs.similar) QVERIFY(a != b && labels[a] >= 0 && labels[a] == labels[b]);
        for (const auto& [a, b] : pairs.dissimilar) QVERIFY(labels[a] >= 0 && labels[b] >= 0 && labels[a] != labels[b]);
    }

    void SameSeedSamePairsOtherSeedOthers() {
        std::vector<std::int32_t> labels(300);
        for (std::size_t i = 0; i < labels.size(); ++i) labels[i] = std::int32_t(i % 4);
        const auto first = samplePairs(labels, 100, 5), again = samplePairs(labels, 100, 5),
                   other = samplePairs(labels, 100, 6);
        QVERIFY(asSet(first.similar) == asSet(again.similar) && asSet(first.dissimilar) == asSet(again.dissimilar));
        QVERIFY(asSet(first.similar) != asSet(other.similar) && asSet(first.dissimilar) != asSet(other.dissimilar));
    }

    void EveryPairIsDrawnEquallyOften() {
        // Unequal classes: 3 + 1 + 1 similar and 16 dissimilar pairs (labels 2,0,1,0,2,0,5,1).
        std::map<std::pair<int, int>, int> drawn;
        constexpr int kRounds = 4000;
        for (int seed = 0; seed < kRounds; ++seed)
            for (const auto& pair : asSet(samplePairs(kLabels, 4, std::uint64_t(seed)).dissimilar)) ++drawn[pair];
        const PairSample all = samplePairs(kLabels, 1000, 0);
        const double expected = 4.0 * kRounds / double(all.dissimilar.size());
        QCOMPARE(drawn.size(), all.dissimilar.size());
        for (const auto& [pair, count] : drawn) QVERIFY(near(count, expected, 6 * std::sqrt(expected)));
    }

    void OneClassHasNoDissimilarPair() {
        const std::vector<std::int32_t> labels(6, 3);
        QCOMPARE(samplePairs(labels, 100, 1).similar.size(), 15U);
        QVERIFY(samplePairs(labels, 100, 1).dissimilar.empty());
        QVERIFY(samplePairs({}, 100, 1).similar.empty());
    }

    void MatchesBruteForce() {
        constexpr int kDimension = 7;
        RandomPoints random(2);
        const auto rows = random.rows(200, kDimension);
        std::vector<std::int32_t> labels(200);
        for (auto& label : labels) label = std::int32_t(random.below(5));
        const PairSample pairs = samplePairs(labels, 1501, 4);
        const DistanceStatistics statistics = distanceStatistics(rows, kDimension, pairs, false);
        const auto similar = sortedDistances(rows, kDimension, pairs.similar);
        const double mean = std::accumulate(similar.begin(), similar.end(), 0.0) / double(similar.size());
        double variance = 0;
        for (const double d : similar) variance += (d - mean) * (d - mean) / double(similar.size());
        QCOMPARE(statistics.similar.count, 1501U);
        QVERIFY(near(statistics.similar.mean, mean, 1e-5));
        QVERIFY(near(statistics.similar.deviation, std::sqrt(variance), 1e-5));
        QVERIFY(near(statistics.similar.p10, quantile(similar, 0.1), 1e-5));
        QVERIFY(near(statistics.similar.median, quantile(similar, 0.5), 1e-5));
        QVERIFY(near(statistics.similar.p90, quantile(similar, 0.9), 1e-5));

        const auto dissimilar = sortedDistances(rows, kDimension, pairs.dissimilar);
        double wins = 0;
        for (const double s : similar)
            for (const double d : dissimilar) wins += s < d ? 1 : s == d ? 0.5 : 0;
        QVERIFY(near(statistics.auc, wins / double(similar.size() * dissimilar.size()), 1e-5));
        QVERIFY(statistics.upperEdge >= std::max(similar.back(), dissimilar.back()));
    }

    void HistogramCountsEveryPairOnce() {
        // Distances 0, 0.5, 1, 2 (the last bin takes the upper edge).
        const std::vector<float> rows = {0, 0, 0.5, 1, 2};
        const PairSample pairs{{{0, 1}, {0, 2}, {0, 3}, {0, 4}}, {}};
        const DistanceStatistics statistics = distanceStatistics(rows, 1, pairs, true);
        QCOMPARE(statistics.upperEdge, 2.0);
        const std::size_t bins = statistics.similar.share.size();
        QVERIFY(bins > 0 && bins % kHistogramBins == 0);
        std::vector<float> expected(bins, 0);
        expected[0] = expected[bins / 4] = expected[bins / 2] = expected[bins - 1] = 0.25F;
        QCOMPARE(statistics.similar.share, expected);
        QCOMPARE(statistics.dissimilar.count, 0U);
        QCOMPARE(statistics.auc, 0.5);
    }

    void EqualDistancesCountHalf() {
        const std::vector<float> rows = {0, 1, 2, 3};
        const PairSample pairs{{{0, 1}, {1, 2}}, {{2, 3}, {0, 2}}};  // 1, 1 against 1, 2
        QCOMPARE(distanceStatistics(rows, 1, pairs, false).auc, 0.75);
    }

    void DuplicatesAndBrokenNumbersGiveNoNaN() {
        const float nan = std::numeric_limits<float>::quiet_NaN();
        const std::vector<float> rows = {1, 1, 1, 1, nan, 2};
        const PairSample pairs{{{0, 1}, {1, 2}}, {{0, 1}}};
        const DistanceStatistics statistics = distanceStatistics(rows, 2, pairs, false);
        QCOMPARE(statistics.similar.count, 1U);
        QCOMPARE(statistics.similar.mean, 0.0);
        QCOMPARE(statistics.upperEdge, 1.0);
        QCOMPARE(statistics.auc, 0.5);
    }

    void TwentyThousandPairsAreQuick() {
        RandomPoints random(1);
        const auto rows = random.rows(10'000, 64);
        std::vector<std::int32_t> labels(10'000);
        for (auto& label : labels) label = std::int32_t(random.below(10));
        const PairSample pairs = samplePairs(labels, 20'000, 1);
        QBENCHMARK {
            QCOMPARE(distanceStatistics(rows, 64, pairs, false).similar.count, 20'000U);
        }
    }
};

QTEST_APPLESS_MAIN(DistanceStatisticsTest)
#include "distance_statistics_test.moc"
