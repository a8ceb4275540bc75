#include "tests/ui/opened_comparison.h"
#include "ui/banner.h"
#include "ui/compare/comparison_controller.h"
#include "ui/compare/comparison_pane.h"
#include "ui/compare/comparison_results.h"
#include "ui/compare/grid_dialog.h"
#include "ui/compare/layout_history.h"
#include "ui/compare/time_bar.h"

#include <QAction>
#include <QComboBox>
#include <QDialog>
#include <QDoubleSpinBox>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QStandardPaths>
#include <QTest>
#include <QToolButton>

#include <algorithm>

using namespace embedscope;
using test::kPatience;
using test::margins;
using Opened = test::OpenedComparison;

class ComparisonEditingTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() {
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setOrganizationName("embedscope-test");
        QCoreApplication::setApplicationName("embedscope-comparison-editing-test");
    }

    void DuplicatingAddsATwinWithOtherSettings() {
        Opened opened(margins({0.2, 1.0}));
        QTRY_VERIFY_WITH_TIMEOUT(opened.window->comparison(), kPatience);
        opened.window->findChild<QAction*>("action_compare")->trigger();
        auto* dialog = opened.window->findChild<QDialog*>("twin_dialog");
        QVERIFY(dialog && dialog->isVisible());
        QCOMPARE(dialog->findChild<QLineEdit*>("twin_name")->text(), QString("C"));
        dialog->findChild<QWidget*>("loss")->findChild<QDoubleSpinBox*>("parameter_margin")->setValue(0.7);
        QTest::mouseClick(dialog->findChild<QPushButton*>("start"), Qt::LeftButton);
        QCOMPARE(opened.page().paneCount(), std::size_t{3});
        const std::vector<ComparedRun>& runs = opened.page().controller()->comparison().runs;
        QCOMPARE(runs[2].experiment.loss.parameters.at("margin"), 0.7);
        QVERIFY(runs[2].experiment.sampler == runs[0].experiment.sampler);  // twins, although a form was between
        QVERIFY(opened.page().results()->findChild<QLabel*>("twin_warnings")->isHidden());
        QTRY_VERIFY_WITH_TIMEOUT(opened.view(2).shownLayout(), kPatience);
        // What was saved opens again.
        opened.window->askForComparisonName = [&opened](const QString&, const QString& name) {
            return opened.folder.filePath("again-" + name);
        };
        opened.window->findChild<QAction*>("action_save_comparison")->trigger();
        const Comparison again = readComparison(opened.folder.filePath("again-comparison.json").toStdString());
        QCOMPARE(again.runs.size(), std::size_t{3});
        QCOMPARE(again.runs[2].name, std::string("C"));
    }

    void AForkGoesOnFromTheStepThatIsShown() {
        Comparison comparison = margins({0.2, 1.0});
        Opened opened(comparison, startTrainingRun);
        QTRY_VERIFY_WITH_TIMEOUT(opened.window->comparison(), kPatience);
        const ComparisonController& controller = *opened.page().controller();
        const auto keptAfterEpochs = [&controller](int epochs) {
            const auto kept = controller.run(0)->checkpoints();
            return std::ranges::any_of(kept, [epochs](const auto& one) { return one->epoch() >= epochs; });
        };
        QTRY_VERIFY_WITH_TIMEOUT(keptAfterEpochs(2), kPatience);
        const std::int64_t perEpoch = controller.run(0)->snapshot()->stepsPerEpoch;
        opened.page().controller()->setPaused(true);
        opened.page().timeBar()->setMoment(static_cast<double>(perEpoch + 3));
        QTest::mouseClick(opened.page().pane(0)->findChild<QToolButton*>("pane_fork"), Qt::LeftButton);
        auto* dialog = opened.window->findChild<QDialog*>("twin_dialog");
        QVERIFY(dialog && dialog->isVisible());
        dialog->findChild<QWidget*>("loss")->findChild<QDoubleSpinBox*>("parameter_margin")->setValue(0.6);
        QTest::mouseClick(dialog->findChild<QPushButton*>("start"), Qt::LeftButton);
        QVERIFY2(opened.page().paneCount() == 3, qPrintable(opened.window->findChild<Banner*>()->sentence()));
        const ComparedRun& twig = controller.comparison().runs[2];
        QVERIFY(twig.fork);
        QCOMPARE(twig.fork->parent, std::size_t{0});
        QCOMPARE(twig.fork->step, perEpoch);
        QVERIFY(opened.page().pane(2)->head().origin.contains("from A at step"));
        const auto stepOf = [&controller](std::size_t run) {
            const auto snapshot = controller.run(run)->snapshot();
            return snapshot ? snapshot->step : -1;
        };
        QTRY_VERIFY_WITH_TIMEOUT(stepOf(2) > perEpoch, kPatience);
        QTRY_VERIFY_WITH_TIMEOUT(opened.page().history(2).frames().size() > 1, kPatience);
        QVERIFY(opened.page().history(2).frames().front().step < perEpoch);  // its parent's past is its own

        ForkTree& tree = *opened.page().results()->tree();
        QTRY_COMPARE_WITH_TIMEOUT(tree.branchCount(), std::size_t{3}, kPatience);
        QTRY_VERIFY_WITH_TIMEOUT(tree.lineOf(2).length() > 0, kPatience);
        QVERIFY(tree.lineOf(2).x1() > tree.lineOf(0).x1());
        QVERIFY(tree.lineOf(0).x2() > tree.lineOf(2).x1());
        QSignalSpy chosen(&tree, &ForkTree::clicked);
        QTest::mouseClick(&tree, Qt::LeftButton, {}, tree.lineOf(2).center().toPoint());
        QCOMPARE(chosen.takeFirst().front().toULongLong(), 2ULL);

        // Opened from its file, the fork waits for its parent.
        const QString file = opened.folder.filePath("forked.json");
        writeComparison(file.toStdString(), controller.comparison());
        opened.window->openComparison(file);
        QTRY_VERIFY_WITH_TIMEOUT(controller.isWaiting(2), kPatience);
        QTRY_VERIFY_WITH_TIMEOUT(!controller.isWaiting(2) && stepOf(2) > perEpoch, kPatience);
    }

    void AForkWhoseParentEndsBeforeItsStepSaysSo() {
        Comparison comparison = margins({0.2, 1.0, 0.6});
        comparison.runs[2].fork = Fork{0, 500};
        Opened opened(comparison);
        QTRY_VERIFY_WITH_TIMEOUT(opened.window->comparison(), kPatience);
        ComparisonController& controller = *opened.page().controller();
        QVERIFY(controller.isWaiting(2));
        controller.run(0)->stop();
        QTRY_VERIFY_WITH_TIMEOUT(!controller.isWaiting(2), kPatience);
        QVERIFY(opened.window->findChild<Banner*>()->sentence().contains("“C” cannot start"));
    }

    void AGridBecomesPanesAndALargerOneAFile() {
        Opened opened(margins({0.2, 1.0}));
        QTRY_VERIFY_WITH_TIMEOUT(opened.window->comparison(), kPatience);
        opened.window->findChild<QAction*>("action_grid")->trigger();
        auto* dialog = opened.window->findChild<GridDialog*>();
        QVERIFY(dialog && dialog->isVisible());
        auto* setting = dialog->findChild<QComboBox*>("grid_setting");
        QCOMPARE(setting->currentData().toString(), QString("loss.margin"));
        dialog->findChild<QLineEdit*>("grid_values")->setText("0.1, 0.3");
        auto* seeds = dialog->findChild<QSpinBox*>("grid_seeds");
        auto* start = dialog->findChild<QPushButton*>("grid_start");
        auto* save = dialog->findChild<QPushButton*>("grid_save");
        seeds->setValue(4);
        QVERIFY(!start->isEnabled());
        QVERIFY(save->isVisible());
        const QString file = opened.folder.filePath("grid.json");
        dialog->askForSaveName = [&file](const QString&) { return file; };
        QTest::mouseClick(save, Qt::LeftButton);
        QCOMPARE(readComparison(file.toStdString()).runs.size(), std::size_t{8});
        QVERIFY(dialog->findChild<QLineEdit*>("grid_command")->text().contains(file));
        seeds->setValue(2);
        QVERIFY(start->isEnabled());
        QVERIFY(!save->isVisible());
        QTest::mouseClick(start, Qt::LeftButton);
        QCOMPARE(opened.page().paneCount(), std::size_t{4});
        const std::vector<ComparedRun>& runs = opened.page().controller()->comparison().runs;
        QCOMPARE(runs[3].experiment.loss.parameters.at("margin"), 0.3);
        for (std::size_t pane = 0; pane < 4; ++pane)
            QTRY_VERIFY_WITH_TIMEOUT(opened.view(pane).shownLayout(), kPatience);
        QTRY_VERIFY(opened.page().results()->findChild<QLabel*>("verdicts")->text().contains("seeds"));
    }

    void AValueThatDoesNotFitIsASentence() {
        Opened opened(margins({0.2, 1.0}));
        QTRY_VERIFY_WITH_TIMEOUT(opened.window->comparison(), kPatience);
        opened.window->findChild<QAction*>("action_grid")->trigger();
        auto* dialog = opened.window->findChild<GridDialog*>();
        dialog->findChild<QLineEdit*>("grid_values")->setText("0.1, wide");
        QVERIFY(!dialog->findChild<QPushButton*>("grid_start")->isEnabled());
        QVERIFY(dialog->findChild<QLabel*>("grid_summary")->text().contains("wide"));
    }

    void ReportAndTableAreWritten() {
        Opened opened(margins({0.2, 1.0}));
        pauseWithPictures(opened);
        if (QTest::currentTestFailed()) return;
        opened.window->askForComparisonName = [&opened](const QString&, const QString& name) {
            return opened.folder.filePath(name);
        };
        opened.window->findChild<QAction*>("action_export_report")->trigger();
        QFile report(opened.folder.filePath("comparison.html"));
        QVERIFY(report.open(QFile::ReadOnly));
        QCOMPARE(report.readAll().count("data:image/png;base64,"), 2);
        opened.window->findChild<QAction*>("action_export_table")->trigger();
        QFile table(opened.folder.filePath("comparison.csv"));
        QVERIFY(table.open(QFile::ReadOnly));
        QCOMPARE(QString::fromUtf8(table.readAll()).trimmed().split('\n').size(), 3);
    }

    void SettingsThatCannotWorkAreASentenceOnTheFirstPage() {
        Comparison comparison = margins({0.2, 1.0});
        comparison.runs[1].experiment.loss = {"proxy_nca", {}};  // does not fit the miner
        Opened opened(comparison);
        auto* banner = opened.window->findChild<Banner*>();
        QTRY_VERIFY_WITH_TIMEOUT(banner->isVisible(), kPatience);
        QVERIFY2(banner->sentence().contains("“B”"), qPrintable(banner->sentence()));
        QVERIFY(opened.window->findChild<QWidget*>("welcome_page")->isVisible());
        QVERIFY(!opened.window->findChild<QAction*>("action_grid")->isEnabled());
    }

    void RunsThatReadOtherImagesAreASentence() {
        Comparison comparison = margins({0.2, 1.0});
        comparison.runs[1].experiment.data.imageSize = 16;
        Opened opened(comparison);
        auto* banner = opened.window->findChild<Banner*>();
        QVERIFY(banner->isVisible());
        QVERIFY2(banner->sentence().contains("“B”"), qPrintable(banner->sentence()));
        QVERIFY(!opened.window->comparison());
    }
};

QTEST_MAIN(ComparisonEditingTest)
#include "comparison_editing_test.moc"
