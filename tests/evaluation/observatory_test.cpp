// What the panels say of distances, against brute force on 2,000 points.
#include "engine/class_distances.h"
#include "engine/hard_tuples.h"
#include "engine/threshold_rates.h"
#include "tests/support/random_points.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <random>

using namespace embedscope;

namespace {

constexpr int kPoints = 2000, kClasses = 10, kDimension = 16;

/// Clusters that overlap, on the unit sphere; every fifth point is held out.
struct Points {
    std::shared_ptr<DataSet> data = std::make_shared<DataSet>();
    BankFrame bank;
    std::vector<std::int32_t> labels;

    Points() {
        std::mt19937 random(11);
        std::normal_distribution<float> normal;
        std::vector<float> centres(kClasses * kDimension);
        for (float& value : centres) value = normal(random);
        auto samples = std::make_shared<std::vector<std::int32_t>>();
        for (int c = 0; c < kClasses; ++c) data->classNames.push_back(std::to_string(c));
        for (int i = 0; i < kPoints; ++i) {
            const int label = static_cast<int>(random() % kClasses);
            data->samples.push_back({std::to_string(i), label, i % 5 == 4 ? Split::HoldOut : Split::Train});
            labels.push_back(label);
            samples->push_back(i);
            double squares = 0;
            for (int k = 0; k < kDimension; ++k) {
                bank.embeddings.push_back(0.8F * centres[label * kDimension + k] + normal(random));
                squares += std::pow(bank.embeddings.back(), 2);
            }
            for (int k = 0; k < kDimension; ++k)
                bank.embeddings[i * kDimension + k] /= static_cast<float>(std::sqrt(squares));
        }
        bank.dimension = kDimension;
        bank.samples = samples;
        bank.computedAtStep.assign(kPoints, 0);
    }

    double distance(int a, int b) const {
        double squares = 0;
        for (int k = 0; k < kDimension; ++k)
            squares += std::pow(double(bank.embeddings[a * kDimension + k]) - bank.embeddings[b * kDimension + k], 2);
        return std::sqrt(squares);
    }
};

const Points& points() {
    static const Points kMade;
    return kMade;
}

/// Every pair, sorted.
struct AllDistances {
    std::vector<double> similar, dissimilar;

    AllDistances() {
        for (int a = 0; a < kPoints; ++a)
            for (int b = a + 1; b < kPoints; ++b)
                (points().labels[a] == points().labels[b] ? similar : dissimilar).push_back(points().distance(a, b));
        std::ranges::sort(similar);
        std::ranges::sort(dissimilar);
    }
    static double mean(const std::vector<double>& values) {
        double sum = 0;
        for (const double value : values) sum += value;
        return sum / double(values.size());
    }
    static double deviation(const std::vector<double>& values) {
        double squares = 0;
        const double middle = mean(values);
        for (const double value : values) squares += (value - middle) * (value - middle);
        return std::sqrt(squares / double(values.size()));
    }
    static double shareUpTo(const std::vector<double>& sorted, double threshold) {
        return double(std::ranges::upper_bound(sorted, threshold) - sorted.begin()) / double(sorted.size());
    }
    double auc() const {
        double wins = 0;
        for (const double near : similar) wins += double(dissimilar.end() - std::ranges::upper_bound(dissimilar, near));
        return wins / double(similar.size()) / double(dissimilar.size());
    }
};

const AllDistances& all() {
    static const AllDistances kAll;
    return kAll;
}

DistanceStatistics measured(std::size_t pairsEach, std::uint64_t seed) {
    return distanceStatistics(points().bank.embeddings, kDimension, samplePairs(points().labels, pairsEach, seed),
                              true);
}

bool near(double a, double b, double tolerance) {
    return std::abs(a - b) <= tolerance;
}

}  // namespace

class ObservatoryTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void StatisticsOfAllPairsAreThoseOfBruteForce() {
        const DistanceStatistics found = measured(10'000'000, 1);
        QCOMPARE(found.similar.count, all().similar.size());
        QCOMPARE(found.dissimilar.count, all().dissimilar.size());
        QVERIFY(near(found.similar.mean, AllDistances::mean(all().similar), 1e-6));
        QVERIFY(near(found.dissimilar.mean, AllDistances::mean(all().dissimilar), 1e-6));
        QVERIFY(near(found.similar.deviation, AllDistances::deviation(all().similar), 1e-5));
        QVERIFY(near(found.similar.p10, all().similar[all().similar.size() / 10], 1e-3));
        QVERIFY(near(found.dissimilar.p90, all().dissimilar[all().dissimilar.size() * 9 / 10], 1e-3));
        QVERIFY(near(found.similar.median, all().similar[all().similar.size() / 2], 1e-3));
        QVERIFY(near(found.auc, all().auc(), 1e-6));
    }

    /// Four standard errors hold for 1 in 15,000 draws to fail; pairs share points, so that they are not quite
    /// independent, which is why the factor is not three.
    void ASampleIsWithinItsStandardErrors() {
        for (std::uint64_t seed = 1; seed <= 20; ++seed) {
            const DistanceStatistics found = measured(5000, seed);
            QCOMPARE(found.similar.count, std::size_t(5000));
            QVERIFY(near(found.similar.mean, AllDistances::mean(all().similar), 4 * meanError(found.similar)));
            QVERIFY(near(found.dissimilar.mean, AllDistances::mean(all().dissimilar), 4 * meanError(found.dissimilar)));
            QVERIFY(near(found.auc, all().auc(), 4 * aucError(found)));
            const ThresholdRates rates = ratesAt(found, 1.1);
            QVERIFY(near(rates.fmr, AllDistances::shareUpTo(all().dissimilar, 1.1), 4 * rates.fmrError + 1e-3));
            QVERIFY(near(rates.fnmr, 1 - AllDistances::shareUpTo(all().similar, 1.1), 4 * rates.fnmrError + 1e-3));
        }
    }

    void TheErrorsSayHowFarSamplesSpread() {
        double mean = 0, squares = 0, told = 0;
        constexpr int kDraws = 200;
        for (int seed = 1; seed <= kDraws; ++seed) {
            const DistanceStatistics found = measured(500, static_cast<std::uint64_t>(seed));
            mean += found.auc / kDraws;
            squares += found.auc * found.auc / kDraws;
            told += aucError(found) / kDraws;
        }
        const double seen = std::sqrt(squares - mean * mean);
        QVERIFY2(told > 0.8 * seen && told < 1.3 * seen, qPrintable(QString("%1 told, %2 seen").arg(told).arg(seen)));
    }

    void RatesAreThoseOfCounting() {
        const DistanceStatistics found = measured(10'000'000, 1);
        for (const double threshold : {0.25, 0.5, 1.0, 1.25, 1.5, 2.0}) {  // edges of bins: exact
            const ThresholdRates rates = ratesAt(found, threshold);
            QVERIFY(near(rates.fmr, AllDistances::shareUpTo(all().dissimilar, threshold), 1e-4));
            QVERIFY(near(rates.fnmr, 1 - AllDistances::shareUpTo(all().similar, threshold), 1e-4));
        }
        for (double threshold = 0.3; threshold < 1.9; threshold += 0.0137) {  // anywhere
            const ThresholdRates rates = ratesAt(found, threshold);
            QVERIFY(near(rates.fmr, AllDistances::shareUpTo(all().dissimilar, threshold), 1e-3));
            QVERIFY(near(rates.fnmr, 1 - AllDistances::shareUpTo(all().similar, threshold), 1e-3));
        }
        const double best = bestThreshold(found);
        const auto error = [&](double threshold) {
            const ThresholdRates rates = ratesAt(found, threshold);
            return rates.fmr + rates.fnmr;
        };
        for (double threshold = 0; threshold <= 2; threshold += 2.0 / kHistogramBins)
            QVERIFY(error(best) <= error(threshold) + 1e-9);
    }

    void DistancesOfClassesAreThoseOfBruteForce() {
        const auto found = classDistances(points().bank.embeddings, kDimension, points().labels);
        QVERIFY(found && found->rows == kPoints && found->classes.size() == kClasses);
        std::vector means(kClasses, std::vector<double>(kClasses));
        for (int a = 0; a < kClasses; ++a)
            for (int b = a; b < kClasses; ++b) {
                double sum = 0;
                std::size_t pairs = 0;
                for (int i = 0; i < kPoints; ++i)
                    for (int j = 0; j < kPoints; ++j) {
                        if (points().labels[i] != a || points().labels[j] != b || (a == b && j <= i)) continue;
                        sum += points().distance(i, j);
                        ++pairs;
                    }
                QCOMPARE(found->between(a, b).pairs, pairs);
                QVERIFY(near(found->between(a, b).mean, sum / double(pairs), 1e-6));
                means[a][b] = means[b][a] = sum / double(pairs);
            }
        for (int a = 0; a < kClasses; ++a) {
            const ClassNeighborhood& each = found->classes[a];
            QVERIFY(near(each.spread, means[a][a], 1e-6));
            means[a][a] = 10;  // no class is its own impostor
            const auto nearest = std::ranges::min_element(means[a]);
            QCOMPARE(each.impostor, static_cast<std::int32_t>(nearest - means[a].begin()));
            QVERIFY(near(each.impostorDistance, *nearest, 1e-6));
        }
    }

    void TheHardestAreThoseOfBruteForce() {
        const auto found = hardestTuples(points().bank, *points().data, {}, {.mostTuples = kPoints});
        QVERIFY(found);
        QCOMPARE(found->rows, std::size_t(kPoints * 4 / 5));
        QCOMPARE(found->tuples.size(), found->rows);
        for (std::size_t i = 1; i < found->tuples.size(); ++i) {
            const MinedTuple &before = found->tuples[i - 1], &now = found->tuples[i];
            QVERIFY(before.toPositive - before.toNegative >= now.toPositive - now.toNegative);
        }
        for (const MinedTuple& tuple : found->tuples) {
            double farthest = 0, nearest = 10;
            for (int other = 0; other < kPoints; ++other) {
                if (other == tuple.anchor || points().data->samples[other].split != Split::Train) continue;
                const double distance = points().distance(tuple.anchor, other);
                if (points().labels[other] == points().labels[tuple.anchor])
                    farthest = std::max(farthest, distance);
                else
                    nearest = std::min(nearest, distance);
            }
            QVERIFY(near(tuple.toPositive, farthest, 1e-5) && near(tuple.toNegative, nearest, 1e-5));
            QVERIFY(near(points().distance(tuple.anchor, tuple.positive), farthest, 1e-5));
            QVERIFY(near(points().distance(tuple.anchor, tuple.negative), nearest, 1e-5));
        }
    }

    /// Not those of the class among the hardest of all.
    void TheHardestOfAClassAreSearchedAmongAllOfIt() {
        constexpr std::int32_t kClass = 2;
        const auto all = hardestTuples(points().bank, *points().data, {}, {.mostTuples = kPoints});
        std::vector<MinedTuple> expected;
        std::ranges::copy_if(all->tuples, std::back_inserter(expected), [](const MinedTuple& tuple) {
            return points().labels[static_cast<std::size_t>(tuple.anchor)] == kClass;
        });
        QVERIFY(expected.size() > 20);
        const auto found = hardestTuples(points().bank, *points().data, {}, {.anchorClass = kClass, .mostTuples = 20});
        QCOMPARE(found->possible, expected.size());
        QCOMPARE(found->anchors, found->possible);
        QCOMPARE(found->rows, all->rows);
        QCOMPARE(found->tuples.size(), std::size_t(20));
        for (std::size_t i = 0; i < found->tuples.size(); ++i) {
            QCOMPARE(found->tuples[i].anchor, expected[i].anchor);
            QCOMPARE(found->tuples[i].negative, expected[i].negative);
        }
    }

    void WhatIsMarkedIsNoLongerHard() {
        const auto hardest = [](const Marks& marks) {
            const auto data = withMarks(points().data, marks);
            return hardestTuples(points().bank, *data, marks, {.mostTuples = 1})->tuples.front();
        };
        const MinedTuple first = hardest({});
        const MinedTuple similar = hardest({{{MarkKind::Similar, {first.anchor}, {first.negative}}}});
        QVERIFY(similar.anchor != first.anchor || similar.negative != first.negative);
        const MinedTuple dissimilar = hardest({{{MarkKind::Dissimilar, {first.positive}, {first.anchor}}}});
        QVERIFY(dissimilar.anchor != first.anchor || dissimilar.positive != first.positive);
        const MinedTuple ignored = hardest({{{MarkKind::Ignored, {first.anchor}}}});
        for (const std::int32_t sample : {ignored.anchor, ignored.positive, ignored.negative})
            QVERIFY(sample != first.anchor);
    }
};

QTEST_GUILESS_MAIN(ObservatoryTest)
#include "observatory_test.moc"
