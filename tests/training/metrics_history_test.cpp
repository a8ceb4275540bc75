#include "engine/training/metrics_history.h"

#include <QTest>

#include <cmath>

using namespace embedscope;

namespace {

MetricsRow rowAt(std::int64_t step) {
    MetricsRow row;
    row.step = step;
    row.loss = static_cast<double>(step);
    if (step % 1000 == 0) row.recallAt1 = 0.5;
    return row;
}

}  // namespace

class MetricsHistoryTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void KeepsEveryRowOfAShortRun() {
        MetricsHistory history;
        for (int step = 0; step < 4000; ++step) history.add(rowAt(step));
        QCOMPARE(history.rows()->size(), 4000U);
    }

    void LongRunsKeepTheirCourseCoarserAndTheRecentPartWhole() {
        MetricsHistory history;
        constexpr int kSteps = 50'000;
        for (int step = 0; step < kSteps; ++step) history.add(rowAt(step));
        const auto& rows = *history.rows();
        QVERIFY(rows.size() <= MetricsHistory::kMaximumRows);
        QVERIFY(rows.size() > MetricsHistory::kMaximumRows / 2);
        QCOMPARE(rows.front().step, 0);
        QCOMPARE(rows.front().loss, 0.0);
        QCOMPARE(rows.back().step, kSteps - 1);
        for (std::size_t i = 1; i < rows.size(); ++i) QVERIFY(rows[i].step > rows[i - 1].step);
        for (std::size_t i = rows.size() - 1000; i < rows.size(); ++i)
            QCOMPARE(rows[i].step, kSteps - static_cast<int>(rows.size() - i));
        // A merged row stands at its last step and carries a mean, so it lies a little below the line.
        for (const MetricsRow& row : rows) QVERIFY(row.loss <= row.step && row.loss >= row.step * 0.5);
    }

    void MergingKeepsSparseMeasurements() {
        MetricsHistory history;
        for (int step = 0; step < 20'000; ++step) history.add(rowAt(step));
        int measured = 0;
        for (const MetricsRow& row : *history.rows()) measured += !std::isnan(row.recallAt1);
        QCOMPARE(measured, 20);
    }

    void ARunThatWentBackTakesItsRowsWithIt() {
        MetricsHistory history;
        for (const int step : {0, 10, 20, 30, 20, 25}) history.add(rowAt(step));
        std::vector<std::int64_t> steps;
        for (const MetricsRow& row : *history.rows()) steps.push_back(row.step);
        QCOMPARE(steps, (std::vector<std::int64_t>{0, 10, 20, 20, 25}));
    }

    void PublishedRowsNeverChange() {
        MetricsHistory history;
        history.add(rowAt(1));
        const auto before = history.rows();
        QCOMPARE(history.rows(), before);
        history.add(rowAt(2));
        QCOMPARE(before->size(), 1U);
        QCOMPARE(history.rows()->size(), 2U);
    }
};

QTEST_GUILESS_MAIN(MetricsHistoryTest)
#include "metrics_history_test.moc"
