#include "tests/support/fake_run.h"
#include "ui/banner.h"
#include "ui/compare/comparison_controller.h"
#include "ui/compare/comparison_page.h"
#include "ui/compare/comparison_pane.h"
#include "ui/compare/comparison_results.h"
#include "ui/compare/comparison_table.h"
#include "ui/compare/grid_dialog.h"
#include "ui/compare/layout_history.h"
#include "ui/compare/time_bar.h"
#include "ui/compare/view_links.h"
#include "ui/main_window.h"
#include "ui/scatter/embedding_view.h"

#include <QAction>
#include <QComboBox>
#include <QDialog>
#include <QDoubleSpinBox>
#include <QElapsedTimer>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QSlider>
#include <QSpinBox>
#include <QStandardPaths>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

#include <algorithm>
#include <cmath>
#include <set>

using namespace embedscope;

namespace {

constexpr int kPatience = 60'000;  // milliseconds; the machine may be busy

Experiment triplets(double margin) {
    Experiment experiment;
    experiment.data.folder = bundledSampleFolder();
    experiment.loss = {"triplet_squared", {{"margin", margin}}};
    return experiment;
}

Comparison margins(std::initializer_list<double> values) {
    Comparison comparison;
    for (const double margin : values)
        comparison.runs.push_back(
            {std::string(1, static_cast<char>('A' + comparison.runs.size())), triplets(margin), {}});
    return comparison;
}

/// The window after a comparison was opened from its file.
struct Opened {
    explicit Opened(const Comparison& comparison, RunFactory factory = test::fakeRunFactory())
        : window((QSettings().clear(), std::make_unique<MainWindow>(std::move(factory)))) {
        window->resize(1500, 950);
        window->show();
        const std::filesystem::path file = folder.filePath("comparison.json").toStdString();
        writeComparison(file, comparison);
        window->openComparison(QString::fromStdString(file.string()));
    }

    ComparisonPage& page() const { return *window->comparison(); }
    EmbeddingView& view(std::size_t pane) const { return *page().view(pane); }
    QToolButton* button(const char* name) const { return page().findChild<QToolButton*>(name); }

    /// Pictures in all panes that do not move any more.
    bool isStill() const {
        for (std::size_t i = 0; i < page().paneCount(); ++i)
            if (!view(i).shownLayout() || view(i).isMoving()) return false;
        return true;
    }

    QTemporaryDir folder;
    std::unique_ptr<MainWindow> window;
};

void lasso(EmbeddingView& view, const QRectF& around) {
    const QList<QPointF> corners{around.topLeft(), around.topRight(), around.bottomRight(), around.bottomLeft()};
    QTest::mousePress(&view, Qt::LeftButton, Qt::ShiftModifier, corners[0].toPoint());
    for (const QPointF& corner : corners) {
        QMouseEvent move(QEvent::MouseMove, corner, view.mapToGlobal(corner), Qt::NoButton, Qt::LeftButton,
                         Qt::ShiftModifier);
        QApplication::sendEvent(&view, &move);
    }
    QTest::mouseRelease(&view, Qt::LeftButton, Qt::ShiftModifier, corners[3].toPoint());
}

double spreadBetween(const Layout& one, const Layout& other) {
    double sum = 0;
    for (std::size_t i = 0; i < one.coordinates.size(); ++i) sum += std::abs(one.coordinates[i] - other.coordinates[i]);
    return sum / static_cast<double>(one.coordinates.size());
}

}  // namespace

class ComparisonWindowTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() {
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setOrganizationName("embedscope-test");
        QCoreApplication::setApplicationName("embedscope-comparison-test");
    }

    void TwoPanesTrainAndTheTableHasARowEach() {
        Opened opened(margins({0.2, 1.0}), startTrainingRun);
        QTRY_VERIFY_WITH_TIMEOUT(opened.window->comparison(), kPatience);
        QCOMPARE(opened.page().paneCount(), std::size_t{2});
        for (std::size_t pane : {0, 1}) {
            QTRY_VERIFY_WITH_TIMEOUT(opened.view(pane).shownLayout(), kPatience);
            QTRY_VERIFY_WITH_TIMEOUT(opened.view(pane).shownLayout()->step >= 5, kPatience);
        }
        QVERIFY(opened.page().pane(0)->head().differs.contains("Margin 0.2"));
        QVERIFY(opened.page().pane(1)->head().differs.contains("Margin 1"));
        const ComparisonTable& table = *opened.page().results()->table();
        QTRY_COMPARE(table.rowCount(), 2);
        QCOMPARE(table.headerData(1, Qt::Horizontal, Qt::DisplayRole).toString(), QString("Margin"));
        QCOMPARE(table.index(1, 1).data().toString(), QString("1"));
        const auto stepOf = [&table](int run) {
            return table.index(run, 2).data(ComparisonTable::kSortRole).toDouble();
        };
        QTRY_VERIFY_WITH_TIMEOUT(stepOf(0) >= 5 && stepOf(1) >= 5, kPatience);

        QElapsedTimer clock;
        clock.start();
        opened.window->close();
        opened.window.reset();
        QVERIFY2(clock.elapsed() < 2000, qPrintable(QString("%1 ms").arg(clock.elapsed())));
    }

    void ALassoSelectsInAllPanesUntilTheLinkIsCut() {
        Opened opened(margins({0.2, 1.0}));
        pauseWithPictures(opened);
        if (QTest::currentTestFailed()) return;
        lasso(opened.view(0), QRectF(opened.view(0).rect()).adjusted(5, 5, -5, -5));
        const std::vector<int> first = opened.view(0).selection();
        QVERIFY(!first.empty());
        QCOMPARE(opened.view(1).selection(), first);

        QTest::mouseClick(opened.button("link_selection"), Qt::LeftButton);
        opened.view(0).setSelection({});
        QCOMPARE(opened.view(1).selection(), first);
        lasso(opened.view(1), QRectF(opened.view(1).rect()).adjusted(5, 5, -5, -5));
        QVERIFY(opened.view(0).selection().empty());
    }

    void CameraHoverAndClickAreLinked() {
        Opened opened(margins({0.2, 1.0}));
        pauseWithPictures(opened);
        if (QTest::currentTestFailed()) return;
        EmbeddingView &a = opened.view(0), &b = opened.view(1);
        Q_EMIT a.sampleHovered(7);
        QCOMPARE(b.ringedSample(), 7);
        QCOMPARE(a.ringedSample(), -1);
        Q_EMIT a.sampleClicked(9);
        QCOMPARE(a.selectedSample(), 9);
        QCOMPARE(b.selectedSample(), 9);

        const double before = b.camera().pixelsPerUnit;
        QTest::keyClick(&a, Qt::Key_Plus);
        QVERIFY(b.camera().pixelsPerUnit > before * 1.2);
        QVERIFY(!b.followsPoints());
        QTest::keyClick(&b, Qt::Key_F);
        QVERIFY(a.followsPoints() && b.followsPoints());

        QTest::mouseClick(opened.button("link_camera"), Qt::LeftButton);
        const double alone = b.camera().pixelsPerUnit;
        QTest::keyClick(&a, Qt::Key_Plus);
        QCOMPARE(b.camera().pixelsPerUnit, alone);
    }

    void PanesShareAFrameUntilTheLinkIsCut() {
        Comparison comparison = margins({0.2, 0.2});
        comparison.runs[1].experiment.seed = 5;  // another picture
        Opened opened(comparison);
        pauseWithPictures(opened);
        if (QTest::currentTestFailed()) return;
        const double aligned = spreadBetween(*opened.view(0).shownLayout(), *opened.view(1).shownLayout());
        QCOMPARE(opened.view(0).camera().pixelsPerUnit, opened.view(1).camera().pixelsPerUnit);
        QTest::mouseClick(opened.button("link_axes"), Qt::LeftButton);
        const double own = spreadBetween(*opened.view(0).shownLayout(), *opened.view(1).shownLayout());
        QVERIFY2(aligned < own, qPrintable(QString("%1 and %2").arg(aligned).arg(own)));
    }

    void ArrowsLeadFromOnePaneToTheOther() {
        Opened opened(margins({0.2, 1.0}));
        pauseWithPictures(opened);
        if (QTest::currentTestFailed()) return;
        QVERIFY(opened.view(1).arrows().empty());
        QTest::mouseClick(opened.button("show_arrows"), Qt::LeftButton);
        const std::vector<SampleArrow> some = opened.view(1).arrows();
        QVERIFY(some.size() > 50 && some.size() <= kMostArrows);
        QVERIFY(opened.view(0).arrows().empty());
        const std::vector<std::int32_t>& samples = *opened.view(1).shownLayout()->samples;
        opened.view(0).setSelection({samples[3], samples[4]});
        const std::vector<SampleArrow> selected = opened.view(1).arrows();
        QCOMPARE(selected.size(), std::size_t{2});
        const int sample = selected[0].sample;
        QVERIFY(sample == samples[3] || sample == samples[4]);
        const QPointF there = *opened.view(1).screenPositionOf(sample);
        QVERIFY(std::hypot(selected[0].to.x() - there.x(), selected[0].to.y() - there.y()) < 0.5);
        QCOMPARE(selected[0].from, *opened.view(0).screenPositionOf(sample));  // same frame, same scale, same size
    }

    void AllPanesAreScrubbedTogether() {
        Opened opened(margins({0.2, 1.0}));
        QTRY_VERIFY_WITH_TIMEOUT(opened.window->comparison(), kPatience);
        const auto lastStep = [&opened](std::size_t pane) {
            const auto& frames = opened.page().history(pane).frames();
            return frames.empty() ? 0 : frames.back().step;
        };
        QTRY_VERIFY_WITH_TIMEOUT(lastStep(0) >= 40 && lastStep(1) >= 40, kPatience);
        auto* slider = opened.page().findChild<QSlider*>("time_slider");
        opened.page().controller()->setPaused(true);
        QTRY_VERIFY(opened.page().controller()->isPaused());
        QTest::mouseClick(slider, Qt::LeftButton, {}, QPoint(slider->width() / 4, slider->height() / 2));
        QVERIFY(opened.page().timeBar()->moment());
        const double quarter = static_cast<double>(std::max(lastStep(0), lastStep(1))) / 4;
        QVERIFY(std::abs(*opened.page().timeBar()->moment() - quarter) < 0.2 * quarter + 2);
        opened.page().timeBar()->setMoment(20);
        for (std::size_t pane : {0, 1}) {
            QTRY_VERIFY(opened.view(pane).shownLayout()->step <= 20);
            QCOMPARE(opened.view(pane).shownLayout()->step, opened.page().history(pane).at(TimeAxis::Step, 20)->step);
        }
        QTest::mouseClick(opened.button("time_live"), Qt::LeftButton);
        for (std::size_t pane : {0, 1}) QTRY_VERIFY(opened.view(pane).shownLayout()->step >= 40);
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

    void OneRunIsPausedAloneAndAllTogether() {
        Opened opened(margins({0.2, 1.0}));
        QTRY_VERIFY_WITH_TIMEOUT(opened.window->comparison(), kPatience);
        const ComparisonController& controller = *opened.page().controller();
        QTRY_VERIFY_WITH_TIMEOUT(controller.run(1)->phase() == RunPhase::Running, kPatience);
        QTest::mouseClick(opened.page().pane(1)->findChild<QToolButton*>("pane_pause"), Qt::LeftButton);
        QTRY_VERIFY(controller.run(1)->phase() == RunPhase::Paused);
        QVERIFY(controller.run(0)->phase() == RunPhase::Running);
        QVERIFY(!controller.isPaused());
        opened.window->findChild<QAction*>("action_start_pause")->trigger();
        QTRY_VERIFY(controller.isPaused());
        opened.window->findChild<QAction*>("action_start_pause")->trigger();
        QTRY_VERIFY(controller.run(0)->phase() == RunPhase::Running && controller.run(1)->phase() == RunPhase::Running);
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

private:
    static void pauseWithPictures(const Opened& opened) {
        QVERIFY(QTest::qWaitForWindowExposed(opened.window.get()));
        QTRY_VERIFY_WITH_TIMEOUT(opened.window->comparison(), kPatience);
        for (std::size_t pane : {0, 1}) {
            QTRY_VERIFY_WITH_TIMEOUT(opened.view(pane).shownLayout(), kPatience);
            QTRY_VERIFY_WITH_TIMEOUT(opened.view(pane).shownLayout()->step >= 10, kPatience);
        }
        opened.page().controller()->setPaused(true);
        QTRY_VERIFY_WITH_TIMEOUT(opened.page().controller()->isPaused(), kPatience);
        const auto caughtUp = [&opened](std::size_t pane) {
            const RunController& run = *opened.page().controller()->run(pane);
            return run.snapshot()->bank && opened.view(pane).shownLayout()->step == run.snapshot()->bank->step;
        };
        QTRY_VERIFY_WITH_TIMEOUT(caughtUp(0) && caughtUp(1) && opened.isStill(), kPatience);
    }
};

QTEST_MAIN(ComparisonWindowTest)
#include "comparison_window_test.moc"
