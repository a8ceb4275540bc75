#include "ui/sample_losses.h"

#include <QtTest>

#include <cmath>

namespace embedscope {
namespace {

MinedTuples tuplesOf(std::int64_t step, std::vector<MinedTuple> tuples) {
    MinedTuples mined;
    mined.step = step;
    mined.tuples = std::move(tuples);
    return mined;
}

MinedTuple triplet(int anchor, int positive, int negative, float loss) {
    MinedTuple tuple;
    tuple.anchor = anchor;
    tuple.positive = positive;
    tuple.negative = negative;
    tuple.loss = loss;
    return tuple;
}

}  // namespace

class SampleLossesTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void ASampleHasTheMeanOfItsTuples() {
        SampleLosses losses;
        losses.clear(6);
        QVERIFY(losses.take(tuplesOf(1, {triplet(0, 1, 2, 0.2F), triplet(0, 3, 2, 0.4F)})));
        QCOMPARE(losses.of(0).tuples, 2U);
        QVERIFY(std::abs(losses.of(0).mean - 0.3F) < 1e-6);
        QVERIFY(std::abs(losses.of(3).mean - 0.4F) < 1e-6);
        QCOMPARE(losses.of(5).tuples, 0U);
        QVERIFY(std::isnan((*losses.means())[5]));
        double sum = 0;
        for (int sample = 0; sample < 6; ++sample) sum += losses.of(sample).share;
        QVERIFY(std::abs(sum - 1) < 1e-6);
        QCOMPARE(losses.of(0).evenShare, 0.25);
        QCOMPARE(losses.of(0).step, 1);
        QCOMPARE(losses.of(5).step, -1);
        losses.take(tuplesOf(8, {triplet(4, 1, 2, 0.2F)}));
        QCOMPARE(losses.step(), 8);
        QCOMPARE(losses.of(0).step, 1);
        QCOMPARE(losses.of(1).step, 8);
    }

    void TheSameTuplesCountOnce() {
        SampleLosses losses;
        losses.clear(3);
        const MinedTuples mined = tuplesOf(7, {triplet(0, 1, 2, 1)});
        QVERIFY(losses.take(mined));
        QVERIFY(!losses.take(mined));
        QCOMPARE(losses.of(0).tuples, 1U);
    }

    void OldTuplesFade() {
        SampleLosses losses;
        losses.clear(3);
        for (int step = 0; step < 100; ++step) losses.take(tuplesOf(step, {triplet(0, 1, 2, 1)}));
        for (int step = 100; step < 160; ++step) losses.take(tuplesOf(step, {triplet(0, 1, 2, 0)}));
        QVERIFY(losses.of(0).mean < 0.01F);
    }

    void PairsMemoriesAndWholeBatchLossesAreNoMistake() {
        SampleLosses losses;
        losses.clear(3);
        QVERIFY(!losses.take(tuplesOf(1, {triplet(0, 1, 2, MinedTuple::kNone)})));
        QCOMPARE(losses.of(0).tuples, 0U);
        QVERIFY(losses.take(tuplesOf(2, {triplet(0, -1, 2, 0.5F), triplet(1, 99, -1, 0.5F)})));
        QCOMPARE(losses.of(2).tuples, 1U);
        QCOMPARE(losses.of(-1).tuples, 0U);
        QCOMPARE(losses.of(99).tuples, 0U);
    }

    void AnotherRunForgets() {
        SampleLosses losses;
        losses.clear(3);
        losses.take(tuplesOf(1, {triplet(0, 1, 2, 1)}));
        losses.clear(3);
        QCOMPARE(losses.of(0).tuples, 0U);
        QVERIFY(losses.take(tuplesOf(1, {triplet(0, 1, 2, 1)})));
    }
};

}  // namespace embedscope

QTEST_GUILESS_MAIN(embedscope::SampleLossesTest)
#include "sample_losses_test.moc"
