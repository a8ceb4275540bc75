#include "engine/compare/students_t.h"
#include "tests/support/comparisons.h"

#include <QTest>

#include <cmath>
#include <limits>

using namespace embedscope;
using embedscope::test::contains;
using embedscope::test::tripletExperiment;
using embedscope::test::twoMargins;

namespace {

bool near(double a, double b, double tolerance) {
    return std::abs(a - b) <= tolerance;
}

MetricsRow rowAt(double epoch, double loss, double recall) {
    MetricsRow row;
    row.epoch = epoch;
    row.seconds = 10 * epoch;
    row.loss = loss;
    row.recallAt1 = recall;
    return row;
}

std::vector<ComparisonRow> rowsOf(const std::vector<double>& recalls) {
    std::vector<ComparisonRow> rows(recalls.size());
    for (std::size_t i = 0; i < rows.size(); ++i) rows[i].recallAt1 = recalls[i];
    return rows;
}

Comparison margins(const std::vector<std::string>& values, const std::vector<std::uint64_t>& seeds) {
    return makeGrid(tripletExperiment(0.2), "loss.margin", values, seeds);
}

}  // namespace

class ComparisonTableTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    /// For whole numbers it is a polynomial: I_x(2, 3) = 6x² - 8x³ + 3x⁴, I_x(10, 2) = 11x¹⁰ - 10x¹¹.
    void TheIncompleteBetaFunctionMatchesClosedForms() {
        QVERIFY(near(regularizedIncompleteBeta(0.5, 0.5, 0.5), 0.5, 1e-14));
        QVERIFY(near(regularizedIncompleteBeta(0.25, 2, 3), 0.26171875, 1e-14));
        QVERIFY(near(regularizedIncompleteBeta(0.9, 10, 2), 11 * std::pow(0.9, 10) - 10 * std::pow(0.9, 11), 1e-14));
        QCOMPARE(regularizedIncompleteBeta(0, 2, 3), 0.0);
        QCOMPARE(regularizedIncompleteBeta(1, 2, 3), 1.0);
    }

    /// With 1 degree of freedom p = 1 - 2 atan(t) / pi, with 2 p = 1 - t / sqrt(2 + t²); the rest from tables.
    void StudentsTMatchesClosedFormsAndTables() {
        for (const double t : {0.1, 1.0, 12.706, 636.6}) {
            QVERIFY(near(twoSidedP(t, 1), 1 - 2 * std::atan(t) / std::acos(-1.0), 1e-12));
            QVERIFY(near(twoSidedP(-t, 2), 1 - t / std::sqrt(2 + t * t), 1e-12));
        }
        QVERIFY(near(twoSidedP(2.776445, 4), 0.05, 1e-7));
        QVERIFY(near(twoSidedP(4.604095, 4), 0.01, 1e-7));
        QVERIFY(near(twoSidedP(2.228139, 10), 0.05, 1e-7));
        QVERIFY(near(twoSidedP(1.983972, 100), 0.05, 1e-6));
        QCOMPARE(twoSidedP(0, 5), 1.0);
        QCOMPARE(twoSidedP(std::numeric_limits<double>::infinity(), 5), 0.0);
    }

    void ARowHoldsTheNewestOfEachNumber() {
        auto history = std::make_shared<std::vector<MetricsRow>>();
        history->push_back(rowAt(0, MetricsRow::kNone, 0.3));
        history->push_back(rowAt(1, 0.9, 0.7));
        history->back().measures = std::make_shared<const std::map<std::string, double>>(
            std::map<std::string, double>{{"map_at_r", 0.4}, {"roc_auc", 0.9}, {"effective_rank", 5}});
        history->push_back(rowAt(1.5, 0.6, MetricsRow::kNone));
        history->push_back(rowAt(2, 0.4, 0.8));
        history->back().imagesPerSecond = 100;
        Snapshot snapshot;
        snapshot.step = 40;
        snapshot.history = history;
        DistanceStatistics distances;
        distances.similar = {101, 0.5, 0.3, 0, 0, 0, {}};
        distances.dissimilar = {101, 1.5, 0.4, 0, 0, 0, {}};
        snapshot.distances = std::make_shared<const DistanceStatistics>(distances);
        const ComparisonRow row = rowOf(snapshot, 0.7);
        QCOMPARE(row.step, std::int64_t{40});
        QCOMPARE(row.loss, 0.5);
        QCOMPARE(row.recallAt1, 0.8);
        QCOMPARE(row.mapAtR, 0.4);
        QCOMPARE(row.auc, 0.9);
        QCOMPARE(row.effectiveRank, 5.0);
        QVERIFY(near(row.distanceGap, 1 / std::sqrt((0.09 + 0.16) / 2), 1e-12));
        QCOMPARE(row.imagesPerSecond, 100.0);
        QCOMPARE(row.secondsToGoal, 10.0);
        QVERIFY(std::isnan(rowOf(snapshot, 0.95).secondsToGoal));
    }

    void ARunWithoutReportsIsNotKnown() {
        const ComparisonRow row = rowOf(Snapshot{}, 0.8);
        for (const double value : {row.loss, row.recallAt1, row.mapAtR, row.auc, row.distanceGap, row.effectiveRank})
            QVERIFY(std::isnan(value));
    }

    /// Differences 0.02, 0.03, 0.01: t = 2 √3 with 2 degrees of freedom, so p = 1 - t / √(2 + t²) = 0.0742.
    void TheVerdictIsThePairedTest() {
        const auto found = verdicts(margins({"0.2", "0.5"}, {1, 2, 3}), rowsOf({.82, .85, .81, .80, .82, .80}));
        QCOMPARE(found.size(), std::size_t{1});
        QCOMPARE(found[0],
                 std::string("“margin 0.2” and “margin 0.5” cannot be told apart: they differ by 2.0 ± 1.0 points of "
                             "Recall@1 over 3 seeds (p = 0.074)."));
    }

    void WhoIsAheadIsNamedFirst() {
        const auto found =
            verdicts(margins({"0.2", "0.5"}, {1, 2, 3, 4}), rowsOf({.70, .71, .72, .73, .90, .91, .93, .92}));
        QCOMPARE(found[0],
                 std::string("“margin 0.5” is ahead of “margin 0.2” by 20.0 ± 0.8 points of Recall@1 over 4 seeds "
                             "(p < 0.001)."));
    }

    void SeveralPairsAreCorrected() {
        const auto found =
            verdicts(margins({"0.2", "0.5", "1"}, {1, 2, 3}), rowsOf({.82, .85, .81, .80, .82, .80, .82, .85, .81}));
        QCOMPARE(found.size(), std::size_t{3});
        QVERIFY(contains(found[0], "p = 0.22, corrected for 3 tests"));
        QVERIFY(contains(found[1], "have the same Recall@1 with each of 3 seeds"));
    }

    void RunsWithoutASeedInCommonGetNoVerdict() {
        QVERIFY(verdicts(twoMargins(), rowsOf({0.8, 0.9})).empty());
        Comparison comparison = margins({"0.2", "0.5"}, {1, 2});
        comparison.runs[2].experiment.seed = 8;
        QVERIFY(verdicts(comparison, rowsOf({0.8, 0.8, 0.9, 0.9})).empty());
        QVERIFY(verdicts(margins({"0.2", "0.5"}, {1, 2}), rowsOf({0.8, MetricsRow::kNone, 0.9, 0.9})).empty());
    }
};

QTEST_GUILESS_MAIN(ComparisonTableTest)
#include "comparison_table_test.moc"
