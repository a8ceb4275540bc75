#include "engine/verification.h"

#include "tests/support/random_points.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <limits>

using namespace embedscope;

namespace {

struct Rates {
    double fmr, fnmr;
};

Rates ratesAt(double threshold, const std::vector<float>& similar, const std::vector<float>& dissimilar) {
    const auto passes = [threshold](float distance) { return distance <= threshold; };
    return {double(std::ranges::count_if(dissimilar, passes)) / double(dissimilar.size()),
            1 - double(std::ranges::count_if(similar, passes)) / double(similar.size())};
}

}  // namespace

class VerificationTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void MatchesTheDefinitions() {
        RandomPoints random(4);
        std::vector<float> similar, dissimilar;
        for (int i = 0; i < 700; ++i) similar.push_back(float(std::round(100 * std::abs(random.normal())) / 100));
        for (int i = 0; i < 900; ++i)
            dissimilar.push_back(float(std::round(100 * std::abs(1.5 + random.normal())) / 100));
        const VerificationMeasures found = verificationMeasures(similar, dissimilar);

        double fnmrAt1 = 1, fnmrAt01 = 1, leastError = 1, wins = 0;
        for (double threshold = -0.005; threshold < 7; threshold += 0.01) {
            const Rates rates = ratesAt(threshold, similar, dissimilar);
            if (rates.fmr <= 0.01) fnmrAt1 = std::min(fnmrAt1, rates.fnmr);
            if (rates.fmr <= 0.001) fnmrAt01 = std::min(fnmrAt01, rates.fnmr);
            leastError = std::min(leastError, (rates.fmr + rates.fnmr) / 2);
        }
        for (const float s : similar)
            for (const float d : dissimilar) wins += s < d ? 1 : s == d ? 0.5 : 0;
        QVERIFY(std::abs(found.fnmrAtFmr1Percent - fnmrAt1) < 1e-12);
        QVERIFY(std::abs(found.fnmrAtFmr01Percent - fnmrAt01) < 1e-12);
        QVERIFY(std::abs(found.bestAccuracy - (1 - leastError)) < 1e-12);
        QVERIFY(std::abs(found.auc - wins / (700.0 * 900)) < 1e-12);
        const Rates best = ratesAt(found.bestThreshold, similar, dissimilar);
        QVERIFY(std::abs(1 - (best.fmr + best.fnmr) / 2 - found.bestAccuracy) < 1e-12);
        // The equal error rate lies between the rates of the thresholds on both sides of the crossing.
        double below = 0, above = 1;
        for (double threshold = -0.005; threshold < 7; threshold += 0.01) {
            const Rates rates = ratesAt(threshold, similar, dissimilar);
            if (rates.fmr <= rates.fnmr)
                below = std::max(below, rates.fmr);
            else
                above = std::min(above, rates.fmr);
        }
        QVERIFY(below <= found.equalErrorRate && found.equalErrorRate <= above && above - below < 0.02);
    }

    void KnownSmallCase() {
        // FMR and FNMR at t: 1 -> 0, 2/3; 2 -> 1/2, 2/3; 3 -> 1/2, 1/3. They meet between t = 2 and t = 3, at FMR 1/2.
        const VerificationMeasures found = verificationMeasures(std::vector<float>{1, 3, 4}, std::vector<float>{2, 5});
        QVERIFY(std::abs(found.equalErrorRate - 0.5) < 1e-12);
        QVERIFY(std::abs(found.fnmrAtFmr1Percent - 2.0 / 3) < 1e-12);
        QCOMPARE(found.bestThreshold, 4.5);  // FMR 1/2, FNMR 0
        QVERIFY(std::abs(found.bestAccuracy - 0.75) < 1e-12);
        QVERIFY(std::abs(found.auc - 4.0 / 6) < 1e-12);
    }

    void PerfectAndReversed() {
        const std::vector<float> low = {0, 0.1F}, high = {1, 2};
        const VerificationMeasures perfect = verificationMeasures(low, high);
        QCOMPARE(perfect.equalErrorRate, 0.0);
        QCOMPARE(perfect.bestAccuracy, 1.0);
        QCOMPARE(perfect.fnmrAtFmr01Percent, 0.0);
        QVERIFY(std::abs(perfect.bestThreshold - 0.55) < 1e-6);
        const VerificationMeasures reversed = verificationMeasures(high, low);
        QCOMPARE(reversed.auc, 0.0);
        QCOMPARE(reversed.equalErrorRate, 1.0);
        QCOMPARE(reversed.bestAccuracy, 0.5);
    }

    void AllEqualIsChance() {
        const std::vector<float> zeros(5, 0);
        const VerificationMeasures found = verificationMeasures(zeros, zeros);
        QCOMPARE(found.auc, 0.5);
        QCOMPARE(found.equalErrorRate, 0.5);
        QCOMPARE(found.bestAccuracy, 0.5);
    }

    void NothingAndBrokenNumbers() {
        const float nan = std::numeric_limits<float>::quiet_NaN();
        QCOMPARE(verificationMeasures(std::vector<float>{}, std::vector<float>{1}).auc, 0.5);
        QCOMPARE(verificationMeasures(std::vector<float>{nan}, std::vector<float>{1}).equalErrorRate, 0.5);
        QCOMPARE(verificationMeasures(std::vector<float>{0, nan}, std::vector<float>{1}).bestAccuracy, 1.0);
    }

    void PairsOfRowsGiveTheSame() {
        const auto rows = RandomPoints(2).rows(60, 3);
        std::vector<std::int32_t> labels(60);
        for (std::size_t i = 0; i < labels.size(); ++i) labels[i] = std::int32_t(i % 3);
        const PairSample pairs = samplePairs(labels, 200, 1);
        const VerificationMeasures found = verificationMeasures(rows, 3, pairs);
        QCOMPARE(found.auc, distanceStatistics(rows, 3, pairs, false).auc);
    }
};

QTEST_APPLESS_MAIN(VerificationTest)
#include "verification_test.moc"
