#include "engine/comparison_report.h"

#include "engine/compare/html.h"
#include "tests/support/comparisons.h"

#include <nlohmann/json.hpp>

#include <QTest>

#include <algorithm>
#include <cmath>
#include <sstream>

using namespace embedscope;
using embedscope::test::contains;
using embedscope::test::tripletExperiment;
using embedscope::test::twoMargins;

namespace {

const ComparisonColumn& columnOf(const std::string& id) {
    return *std::ranges::find(comparisonColumns(), id, &ComparisonColumn::id);
}

ComparisonReport reportOf(const Comparison& comparison, const std::vector<double>& recalls) {
    ComparisonReport report;
    report.comparison = comparison;
    report.rows.resize(recalls.size());
    for (std::size_t i = 0; i < recalls.size(); ++i) report.rows[i].recallAt1 = recalls[i];
    report.remarks.resize(recalls.size());
    return report;
}

}  // namespace

class ComparisonReportTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void NumbersAreWrittenWithTheirUnit() {
        QCOMPARE(writtenNumber(columnOf("recall_at_1"), 0.8674), std::string("86.7 %"));
        QCOMPARE(writtenNumber(columnOf("seconds"), 12.34), std::string("12.3 s"));
        QCOMPARE(writtenNumber(columnOf("loss"), MetricsRow::kNone), std::string("–"));
    }

    void TheBestIsMarkedWhereOneIs() {
        std::vector<ComparisonRow> rows(3);
        QVERIFY(bestRows(columnOf("recall_at_1"), rows).empty());
        rows[1].recallAt1 = 0.9;
        QVERIFY(bestRows(columnOf("recall_at_1"), rows).empty());
        rows[0].recallAt1 = 0.8;
        QCOMPARE(bestRows(columnOf("recall_at_1"), rows), (std::vector<std::size_t>{1}));
        rows[2].recallAt1 = 0.9;
        QCOMPARE(bestRows(columnOf("recall_at_1"), rows), (std::vector<std::size_t>{1, 2}));
        rows[0].secondsToGoal = 3, rows[2].secondsToGoal = 5;
        QCOMPARE(bestRows(columnOf("seconds_to_goal"), rows), (std::vector<std::size_t>{0}));
        rows[0].loss = 1, rows[1].loss = 2;
        QVERIFY(bestRows(columnOf("loss"), rows).empty());
    }

    void ASpreadIsTheSampleDeviation() {
        const auto report = reportOf(twoMargins(), {0.8, 0.9});
        const Spread spread = spreadOf({{0, 1}, ""}, columnOf("recall_at_1"), report.rows);
        QCOMPARE(spread.count, std::size_t{2});
        QVERIFY(std::abs(spread.mean - 0.85) < 1e-12);
        QVERIFY(std::abs(spread.deviation - 0.1 / std::sqrt(2.0)) < 1e-12);
        QVERIFY(std::isnan(spreadOf({{0}, ""}, columnOf("recall_at_1"), report.rows).deviation));
    }

    void TheCsvHasALineARun() {
        Comparison comparison = twoMargins();
        comparison.runs[1].name = "B, \"wide\"";
        const std::string csv = tableCsv(comparison, reportOf(comparison, {0.8, 0.9}).rows);
        std::istringstream lines(csv);
        std::string head, first, second, rest;
        std::getline(lines, head);
        std::getline(lines, first);
        std::getline(lines, second);
        QVERIFY(head.starts_with("run,loss.margin,step,epoch,seconds,loss,recall_at_1,"));
        QVERIFY(first.starts_with("A,0.2,0,0,0,,0.8,"));
        QVERIFY(second.starts_with("\"B, \"\"wide\"\"\",0.5,"));
        QVERIFY(!std::getline(lines, rest));
    }

    void TheResultIsOneLineOfJson() {
        const Comparison grid = makeGrid(tripletExperiment(0.2), "loss.margin", {"0.2", "0.5"}, {1, 2});
        ComparisonReport report = reportOf(grid, {0.8, 0.81, 0.9, 0.92});
        report.remarks[3] = "broken";
        const std::string text = resultJson(report);
        QVERIFY(!contains(text, "\n"));
        const auto json = nlohmann::json::parse(text);
        QCOMPARE(json["runs"].size(), std::size_t{4});
        QCOMPARE(json["runs"][3]["remark"].get<std::string>(), std::string("broken"));
        QCOMPARE(json["runs"][2]["settings"]["loss.margin"].get<std::string>(), std::string("0.5"));
        QVERIFY(json["runs"][0]["loss"].is_null());
        QCOMPARE(json["groups"][1]["recall_at_1"]["mean"].get<double>(), (0.9 + 0.92) / 2);
        QCOMPARE(json["verdicts"].size(), std::size_t{1});
        QVERIFY(json["warnings"].empty());
    }

    void Base64MatchesTheRfcsExamples() {
        const auto encoded = [](std::string_view text) {
            return base64({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
        };
        QCOMPARE(encoded(""), std::string());
        QCOMPARE(encoded("f"), std::string("Zg=="));
        QCOMPARE(encoded("fo"), std::string("Zm8="));
        QCOMPARE(encoded("foo"), std::string("Zm9v"));
        QCOMPARE(encoded("foobar"), std::string("Zm9vYmFy"));
        QCOMPARE(encoded("\xff\xfe\xfd"), std::string("//79"));
    }

    void ThePageHoldsEverythingInItself() {
        ComparisonReport report = reportOf(twoMargins(), {0.8, 0.9});
        report.pictures = {{1, 2, 3}, {}};
        report.remarks[1] = "The disk is full.";
        const std::string html = htmlReport(report);
        QVERIFY(contains(html, "data:image/png;base64,AQID"));
        QVERIFY(contains(html, "The disk is full."));
        QVERIFY(contains(html, "90.0 %"));
        QVERIFY(contains(html, "loss.margin"));
        for (const std::string_view foreign : {"http:", "https:", "<script", "<link", "url(", "@import", "file:"})
            QVERIFY2(!contains(html, foreign), foreign.data());
        QCOMPARE(QString::fromStdString(html).count("<img"), 1);
    }

    void NamesCannotBreakOutOfThePage() {
        Comparison comparison = twoMargins();
        comparison.name = "</title><script>alert(1)</script>";
        comparison.about = "<b>&amp;\"'";
        comparison.runs[0].name = "\"><img src=x onerror=alert(1)>";
        comparison.runs[0].experiment.data.folder = "<i>";
        comparison.runs[1].experiment.sampler.parameters["batch_size"] = 64;
        ComparisonReport report = reportOf(comparison, {0.8, 0.9});
        report.pictures = {{1}, {2}};
        report.images = "<u>";
        report.remarks[1] = "<s>";
        const std::string html = htmlReport(report);
        for (const std::string_view markup : {"<script", "<img src=x", "<i>", "<u>", "<s>", "onerror=alert(1)>"})
            QVERIFY2(!contains(html, markup), markup.data());
        QCOMPARE(QString::fromStdString(html).count("<img"), 2);
    }
};

QTEST_GUILESS_MAIN(ComparisonReportTest)
#include "comparison_report_test.moc"
