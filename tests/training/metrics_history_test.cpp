#include "engine/training/metrics_history.h"

#include <QTest>

#include <cmath>
#include <numeric>

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
        for (int step = 0; step < 600; ++step) history.add(rowAt(step));
        QCOMPARE(history.rows()->size(), 600U);
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
        for (std::size_t i = rows.size() - 150; i < rows.size(); ++i)
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

    /// Earlier versions kept more rows in their checkpoints.
    void WhatWasSavedOfALongerHistoryIsMerged() {
        constexpr std::size_t kRows = 4000, kColumns = 14;
        std::vector<TypedTensor> saved;
        const StateWriter state(saved);
        std::vector<std::int64_t> steps(kRows), merged(kRows, 1);
        std::iota(steps.begin(), steps.end(), 0);
        state.numbers("steps", steps);
        state.numbers("merged_from", merged);
        state.numbers("columns", std::vector<double>(kRows * kColumns, 0.5));
        state.numbers("measured", std::vector<std::uint8_t>(kRows));
        MetricsHistory history;
        history.load(StateReader(saved));
        QVERIFY(history.rows()->size() <= MetricsHistory::kMaximumRows);
        QCOMPARE(history.rows()->back().step, 3999);
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
