#include "tests/support/comparisons.h"

#include <QTemporaryDir>
#include <QTest>

#include <fstream>

using namespace embedscope;
using embedscope::test::contains;
using embedscope::test::twoMargins;

namespace {

/// The sentence that reading `text` throws, or empty.
std::string complaint(std::string_view text) try {
    comparisonFromJson(text);
    return "";
} catch (const std::runtime_error& error) {
    return error.what();
}

std::string allProblems(const Comparison& comparison) {
    std::string text;
    for (const std::string& problem : problems(comparison)) text += problem + '\n';
    return text;
}

}  // namespace

class ComparisonTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void AFileGivesBackWhatWasWritten() {
        Comparison comparison = twoMargins();
        comparison.about = "Katze \"猫\"\n";
        comparison.pace = Pace::Free;
        comparison.recallGoal = 0.65;
        comparison.runs[1].fork = Fork{0, 120};
        const QTemporaryDir folder;
        const std::filesystem::path file = folder.filePath("comparison.json").toStdString();
        writeComparison(file, comparison);
        const Comparison read = readComparison(file);
        QCOMPARE(read.name, comparison.name);
        QCOMPARE(read.about, comparison.about);
        QVERIFY(read.pace == Pace::Free);
        QCOMPARE(read.recallGoal, 0.65);
        QCOMPARE(read.runs.size(), std::size_t{2});
        QCOMPARE(read.runs[1].name, std::string("B"));
        QVERIFY(read.runs[0].experiment == comparison.runs[0].experiment);
        QVERIFY(read.runs[1].experiment == comparison.runs[1].experiment);
        QVERIFY(!read.runs[0].fork);
        QCOMPARE(read.runs[1].fork->parent, std::size_t{0});
        QCOMPARE(read.runs[1].fork->step, std::int64_t{120});
    }

    void WhatIsLeftOutKeepsItsStandardValue() {
        const Comparison read = comparisonFromJson(R"({"runs": [{"experiment": {"name": "x"}}]})");
        QVERIFY(read.pace == Pace::LockStep);
        QCOMPARE(read.recallGoal, Comparison{}.recallGoal);
        QCOMPARE(read.runs[0].name, std::string("x"));
    }

    void WrongTextIsToldWithItsPlace() {
        QVERIFY(contains(complaint("{"), "not JSON"));
        QVERIFY(contains(complaint("[]"), "must be an object"));
        QVERIFY(contains(complaint("{}"), "\"runs\" must be a list"));
        QVERIFY(contains(complaint(R"({"runs": {}})"), "\"runs\" must be a list"));
        QVERIFY(contains(complaint(R"({"runs": [], "rnus": 1})"), "rnus"));
        QVERIFY(contains(complaint(R"({"runs": [], "pace": "fast"})"), "lock_step, free"));
        QVERIFY(contains(complaint(R"({"runs": [], "recall_goal": "0.8"})"), "recall_goal"));
        QVERIFY(contains(complaint(R"({"runs": [3]})"), "run 1"));
        QVERIFY(contains(complaint(R"({"runs": [{"name": "A"}]})"), "run 1 has no \"experiment\""));
        QVERIFY(contains(complaint(R"({"runs": [{"experiment": {"epochs": "x"}}]})"), "Of run 1: "));
        QVERIFY(contains(complaint(R"({"runs": [{"experiment": {}, "fork": {"parent": -1, "step": 2}}]})"), "parent"));
        QVERIFY(contains(complaint(R"({"runs": [{"experiment": {}, "fork": {"parent": 0, "step": 1e3}}]})"), "step"));
        QVERIFY(contains(
            complaint(R"({"runs": [{"experiment": {}, "fork": {"parent": 0, "step": 18446744073709551615}}]})"),
            "step"));
    }

    void AFileThatIsMissingOrTooLargeIsNamed() {
        const QTemporaryDir folder;
        const std::filesystem::path file = folder.filePath("big.json").toStdString();
        QVERIFY_EXCEPTION_THROWN(readComparison(file), std::runtime_error);
        std::ofstream(file) << std::string((1 << 20) + 1, ' ');
        try {
            readComparison(file);
            QFAIL("A file of more than 1 MiB was read.");
        } catch (const std::runtime_error& error) {
            QVERIFY(contains(error.what(), "big.json"));
            QVERIFY(contains(error.what(), "too large"));
        }
    }

    void TwoGoodRunsHaveNoProblem() { QCOMPARE(allProblems(twoMargins()), std::string()); }

    void EachProblemNamesTheRun() {
        Comparison comparison = twoMargins();
        comparison.runs[1].experiment.learningRate = -1;
        QVERIFY(contains(allProblems(comparison), "“B”: The learning rate is -1"));
        comparison = twoMargins();
        comparison.runs[1].name = "A";
        QVERIFY(contains(allProblems(comparison), "“A”; rename one"));
        comparison = twoMargins();
        comparison.runs.pop_back();
        QVERIFY(contains(allProblems(comparison), "one run"));
        comparison.runs.resize(kMostComparedRuns + 1, comparison.runs[0]);
        QVERIFY(contains(allProblems(comparison), "keep at most 64"));
        comparison = twoMargins();
        comparison.recallGoal = 0;
        QVERIFY(contains(allProblems(comparison), "goal"));
    }

    void AForkNeedsAParentBeforeItThatItsWeightsFit() {
        Comparison comparison = twoMargins();
        comparison.runs[1].fork = Fork{0, 100};
        QCOMPARE(allProblems(comparison), std::string());
        comparison.runs[1].fork = Fork{1, 100};
        QVERIFY(contains(allProblems(comparison), "does not stand before it"));
        comparison.runs[1].fork = Fork{0, -1};
        QVERIFY(contains(allProblems(comparison), "at step -1"));
        comparison.runs[1].fork = Fork{0, 100};
        comparison.runs[1].experiment.embeddingDimension = 7;
        QVERIFY(contains(allProblems(comparison), "cannot go on from “A”"));
    }
};

QTEST_GUILESS_MAIN(ComparisonTest)
#include "comparison_test.moc"
