#include "tests/support/fake_run.h"
#include "tests/ui/view_hand.h"
#include "ui/banner.h"
#include "ui/inspector/gallery_panel.h"
#include "ui/inspector/thumbnail_grid.h"
#include "ui/main_window.h"
#include "ui/preferences.h"
#include "ui/recent_places.h"
#include "ui/scatter/embedding_view.h"
#include "ui/skipped_report.h"
#include "ui/status_line.h"
#include "ui/work_view.h"

#include <QAction>
#include <QApplication>
#include <QDialog>
#include <QDir>
#include <QDoubleSpinBox>
#include <QElapsedTimer>
#include <QFile>
#include <QImage>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QStackedWidget>
#include <QStandardPaths>
#include <QTableWidget>
#include <QTemporaryDir>
#include <QTest>
#include <QToolBar>

#include <cmath>

using namespace embedscope;

namespace {

constexpr int kPatience = 60'000;  // milliseconds; the machine may be busy

/// The window as a person finds it at the first start.
struct FirstStart {
    explicit FirstStart(RunFactory factory = startTrainingRun)
        : window((clearPreferences(), setKeepsRuns(false), std::make_unique<MainWindow>(std::move(factory)))) {
        window->askToKeep = [](const QString&, const QString&) { return KeepAnswer::Discard; };
        window->resize(1400, 900);
        window->show();
    }

    QAction* action(const char* name) const { return window->findChild<QAction*>(name); }
    QPushButton* button(const char* name) const { return window->findChild<QPushButton*>(name); }
    QWidget* page(const char* name) const { return window->findChild<QWidget*>(name); }
    EmbeddingView* view() const { return window->workView()->view(); }
    RunController* runs() const { return window->runs(); }

    std::unique_ptr<MainWindow> window;
};

void click(QWidget* widget) {
    QTest::mouseClick(widget, Qt::LeftButton);
}

/// How far the points of two layouts of one run are apart, on average.
double movement(const Layout& before, const Layout& after) {
    double sum = 0;
    for (std::size_t i = 0; i < before.coordinates.size(); i += 2)
        sum += std::hypot(after.coordinates[i] - before.coordinates[i],
                          after.coordinates[i + 1] - before.coordinates[i + 1]);
    return sum / (static_cast<double>(before.coordinates.size()) / 2);
}

/// Whether what the view draws is what the projection holds, point by point, in the same order.
bool drawsWhatItHolds(const EmbeddingView& view) {
    const std::shared_ptr<const Layout> layout = view.shownLayout();
    const DrawnPoints& points = view.points();
    if (!layout || layout->bank->samples != layout->samples || points.size() * 2 != layout->coordinates.size())
        return false;
    for (std::size_t i = 0; i < points.size(); ++i)
        if (points[i].toX != layout->coordinates[2 * i] || points[i].toY != layout->coordinates[2 * i + 1])
            return false;
    return true;
}

/// A sample that is the topmost at its own place and in view: the one a click there must select.
int clickableSample(const EmbeddingView& view) {
    const Layout& layout = *view.shownLayout();
    int best = -1;
    double widest = -1;
    for (const std::int32_t sample : *layout.samples) {
        const std::optional<QPointF> at = view.screenPositionOf(sample);
        if (!at || !QRectF(view.rect()).adjusted(20, 20, -20, -20).contains(*at)) continue;
        double nearest = 1e9;
        for (const std::int32_t other : *layout.samples)
            if (const auto there = other == sample ? std::nullopt : view.screenPositionOf(other))
                nearest = std::min(nearest, std::hypot(there->x() - at->x(), there->y() - at->y()));
        if (nearest > widest) {
            widest = nearest;
            best = sample;
        }
    }
    return best;
}

}  // namespace

class ShellWindowTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() {
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setOrganizationName("embedscope-test");
        QCoreApplication::setApplicationName("embedscope-window-test");
    }

    void FromTheSampleToALivingPicture() {
        FirstStart first;
        QVERIFY(QTest::qWaitForWindowExposed(first.window.get()));
        openSampleAndStart(first);
        if (QTest::currentTestFailed()) return;

        // Points move, and what is drawn is what the projection holds.
        QTRY_VERIFY_WITH_TIMEOUT(first.view()->shownLayout(), kPatience);
        const std::shared_ptr<const Layout> start = first.view()->shownLayout();
        QTRY_VERIFY_WITH_TIMEOUT(first.view()->shownLayout()->step >= start->step + 10, kPatience);
        QVERIFY(movement(*start, *first.view()->shownLayout()) > 0.01);
        QVERIFY(drawsWhatItHolds(*first.view()));

        for (const auto part : {changeMargin, pause, clickAPoint, stop}) {
            part(first);
            if (QTest::currentTestFailed()) return;
        }
    }

    void WhatIsSaidOfARunStandsBesideThatRunOnly() {
        FirstStart first(test::fakeRunFactory());
        openSampleAndStart(first);
        if (QTest::currentTestFailed()) return;
        auto* status = first.window->findChild<StatusLine*>("status");
        QTRY_VERIFY_WITH_TIMEOUT(status->text().contains("step"), kPatience);
        const QString title = first.window->windowTitle();
        const QWidget* step = first.window->findChild<QToolBar*>()->widgetForAction(first.action("action_step"));
        const int place = step->x();
        first.action("action_new")->trigger();
        QVERIFY(first.window->windowTitle().startsWith("Settings for"));
        const std::int64_t left = first.runs()->snapshot()->step;
        QTRY_VERIFY_WITH_TIMEOUT(first.runs()->snapshot()->step > left, kPatience);
        QVERIFY(status->text().isEmpty());
        click(first.button("form_back"));
        QCOMPARE(first.window->windowTitle(), title);
        first.action("action_start_pause")->trigger();
        QTRY_COMPARE_WITH_TIMEOUT(first.action("action_start_pause")->text(), QString("Resume"), kPatience);
        QCOMPARE(step->x(), place);
    }

    void ClosingInMidEpochIsQuick() {
        FirstStart first;
        QVERIFY(QTest::qWaitForWindowExposed(first.window.get()));
        openSampleAndStart(first);
        if (QTest::currentTestFailed()) return;
        QTRY_VERIFY_WITH_TIMEOUT(first.runs()->phase() == RunPhase::Running, kPatience);
        QElapsedTimer clock;
        clock.start();
        first.window->close();
        first.window.reset();
        QVERIFY2(clock.elapsed() < 1000, qPrintable(QString("%1 ms").arg(clock.elapsed())));
    }

    void AFailureIsASentenceAndThePictureStays() {
        test::FakeScript script;
        script.failAtStep = 30;
        FirstStart first(test::fakeRunFactory(script));
        openSampleAndStart(first);
        if (QTest::currentTestFailed()) return;
        auto* banner = first.window->findChild<Banner*>();
        QTRY_VERIFY_WITH_TIMEOUT(banner->isVisible(), kPatience);
        QCOMPARE(banner->sentence(), QString::fromStdString(script.failure));
        QVERIFY(first.view()->shownLayout());
        QVERIFY(first.action("action_start_pause")->isEnabled());
    }

    void AFolderThatCannotBeOpenedLeadsBackWithASentence() {
        FirstStart first;
        const QTemporaryDir empty;
        first.window->askForFolder = [&empty](const QString&) { return empty.path(); };
        first.action("action_open_folder")->trigger();
        auto* banner = first.window->findChild<Banner*>();
        QTRY_VERIFY_WITH_TIMEOUT(banner->isVisible(), kPatience);
        QVERIFY(!banner->sentence().isEmpty());
        QVERIFY(first.page("welcome_page")->isVisible());
    }

    void SkippedFilesAreCountedAndListed() {
        FirstStart first(test::fakeRunFactory());
        QTemporaryDir folder;
        const QDir root(folder.path());
        for (const QString name : {"a", "b"}) {
            root.mkdir(name);
            for (int i = 0; i < 12; ++i) {
                QImage image(16, 16, QImage::Format_RGB32);
                image.fill(QColor(i * 20, 40, name == "a" ? 200 : 20));
                QVERIFY(image.save(root.filePath(QString("%1/%2.png").arg(name).arg(i))));
            }
        }
        QFile broken(root.filePath("a/broken.png"));
        QVERIFY(broken.open(QFile::WriteOnly) && broken.write("no picture") > 0);
        broken.close();
        first.window->openPlace(folder.path());
        QTRY_VERIFY_WITH_TIMEOUT(first.page("experiment_form")->isVisible(), kPatience);
        auto* link = first.window->findChild<QLabel*>("skipped_link");
        QVERIFY2(link->text().contains("1 file skipped"), qPrintable(link->text()));
        Q_EMIT link->linkActivated("#");
        auto* report = first.window->findChild<QDialog*>("skipped_report");
        QVERIFY(report && report->isVisible());
        auto* table = report->findChild<QTableWidget*>();
        QCOMPARE(table->rowCount(), 1);
        QVERIFY(table->item(0, 0)->text().contains("broken.png"));
        QVERIFY(!table->item(0, 1)->text().isEmpty());
        auto* list = qobject_cast<SkippedReport*>(report);
        list->askForSaveName = [&folder] { return folder.filePath("skipped.txt"); };
        click(list->findChild<QPushButton*>("skipped_save"));
        QFile saved(folder.filePath("skipped.txt"));
        QVERIFY(saved.open(QFile::ReadOnly));
        QVERIFY(saved.readAll().contains("a/broken.png"));
    }

    void AKeptRunOpensAsTheFormWithItsSettings() {
        FirstStart first(test::fakeRunFactory());
        const QTemporaryDir run;
        Experiment kept;
        kept.data.folder = bundledSampleFolder();
        kept.data.holdOutShare = 0.35;
        kept.embeddingDimension = 17;
        kept.loss = {"contrastive_hadsell", {{"margin", 0.75}}};
        kept.miner = {"all", {}};
        QFile file(QDir(run.path()).filePath("experiment.json"));
        QVERIFY(file.open(QFile::WriteOnly) && file.write(toJson(kept).c_str()) > 0);
        file.close();
        first.window->openRun(run.path());
        QTRY_VERIFY_WITH_TIMEOUT(first.page("experiment_form")->isVisible(), kPatience);
        click(first.button("start"));
        QTRY_VERIFY(first.runs()->snapshot());
        const Experiment& running = first.runs()->snapshot()->settings;
        QCOMPARE(running.data.holdOutShare, kept.data.holdOutShare);
        QCOMPARE(running.embeddingDimension, kept.embeddingDimension);
        QCOMPARE(running.loss.id, kept.loss.id);
        QCOMPARE(running.loss.parameters.at("margin"), 0.75);
        QCOMPARE(running.miner.id, kept.miner.id);
    }

    void ARunFolderWithoutSettingsIsASentence() {
        FirstStart first(test::fakeRunFactory());
        const QTemporaryDir empty;
        first.window->openRun(empty.path());
        auto* banner = first.window->findChild<Banner*>();
        QVERIFY(banner->sentence().contains("experiment.json"));
    }

    void KeysStartPauseAndStep() {
        FirstStart first(test::fakeRunFactory());
        QVERIFY(QTest::qWaitForWindowExposed(first.window.get()));
        openSampleAndStart(first);
        if (QTest::currentTestFailed()) return;
        QTRY_VERIFY_WITH_TIMEOUT(first.runs()->phase() == RunPhase::Running, kPatience);
        first.window->activateWindow();  // keys go to the active window only, and here no window manager chooses it
        QVERIFY(QTest::qWaitForWindowActive(first.window.get()));
        QTest::keyClick(first.view(), Qt::Key_Space);
        QTRY_VERIFY(first.runs()->phase() == RunPhase::Paused);
        const std::int64_t before = first.runs()->snapshot()->step;
        QTest::keyClick(first.view(), Qt::Key_N);
        QTRY_COMPARE(first.runs()->snapshot()->step, before + 1);
        QTest::keyClick(first.view(), Qt::Key_T);
        QTRY_VERIFY(first.runs()->phase() == RunPhase::Running);
    }

    void FromARectangleToItsGalleryASearchAndBackInTime() {
        FirstStart first(test::fakeRunFactory());
        QVERIFY(QTest::qWaitForWindowExposed(first.window.get()));
        openSampleAndStart(first);
        if (QTest::currentTestFailed()) return;
        QTRY_VERIFY_WITH_TIMEOUT(first.view()->shownLayout() && first.view()->shownLayout()->step > 20, kPatience);
        pause(first);
        first.window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(first.window.get()));
        QTRY_COMPARE(first.view()->frame().glide, 1.0F);

        click(first.page("tool_rectangle_button"));
        QCOMPARE(first.view()->selectionTool(), SelectionTool::Rectangle);
        const QRect all = first.view()->rect().adjusted(2, 2, -2, -2);
        test::drag(*first.view(), {all.topLeft(), all.center(), all.bottomRight()});
        const std::size_t selected = first.view()->selection().size();
        QVERIFY(selected > 250);
        QTest::keyClick(first.view(), Qt::Key_G);
        ThumbnailGrid* grid = first.window->workView()->gallery()->grid();
        QTRY_VERIFY(grid->isVisible() && grid->samples().size() == selected && grid->isComplete());
        QTest::mouseMove(grid->viewport(), grid->cellAt(1).center());
        QTRY_COMPARE(first.view()->ringedSample(), grid->samples()[1]);
        QTest::mouseClick(grid->viewport(), Qt::LeftButton, {}, grid->cellAt(1).center());
        QCOMPARE(first.view()->selectedSample(), grid->samples()[1]);

        auto* search = first.window->findChild<QLineEdit*>("select_search");
        search->setText("label:trouser");
        QTest::keyClick(search, Qt::Key_Return);
        QTRY_VERIFY(first.view()->selection().size() == 250U);  // of the whole sample, tracked or not
        QTest::keyClick(first.view(), Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(first.view()->selection().size(), selected);

        const std::int64_t now = first.view()->shownLayout()->step;
        QTest::keyClick(first.view(), Qt::Key_BracketLeft);
        QVERIFY(first.view()->shownLayout()->step < now);
        QTest::keyClick(first.view(), Qt::Key_End);
        QCOMPARE(first.view()->shownLayout()->step, now);
    }

    void AfterFullScreenTheNextStartIsTheWindowOfBefore() {
        FirstStart start;
        QVERIFY(QTest::qWaitForWindowExposed(start.window.get()));
        start.window->resize(1250, 700);
        QTRY_COMPARE(start.window->size(), QSize(1250, 700));
        start.action("action_full_screen")->trigger();
        QTRY_VERIFY(start.window->isFullScreen());
        start.window->close();
        MainWindow next;
        QVERIFY(!next.isFullScreen());
        QCOMPARE(next.size(), QSize(1250, 700));
    }

    void ReadyMadeExperimentsFillTheForm() {
        FirstStart first(test::fakeRunFactory());
        const std::vector<ReadyMade> all = readyMadeExperiments();
        click(first.button(qPrintable(QString("ready_made_%1").arg(all.size() - 1))));
        QTRY_VERIFY_WITH_TIMEOUT(first.page("experiment_form")->isVisible(), kPatience);
        click(first.button("start"));
        QTRY_VERIFY(first.runs()->snapshot());
        const Experiment& running = first.runs()->snapshot()->settings;
        QCOMPARE(running.embeddingDimension, all.back().experiment.embeddingDimension);
        QCOMPARE(running.loss.id, all.back().experiment.loss.id);
    }

    void EveryActionHasANameAndEveryKeyOneAction() {
        const FirstStart first(test::fakeRunFactory());
        QMap<QString, QString> owners;
        for (const QAction* action : first.window->findChildren<QAction*>()) {
            if (action->text().isEmpty() || action->menu()) continue;
            for (const QKeySequence& key : action->shortcuts()) {
                QVERIFY2(!action->objectName().isEmpty(), qPrintable(action->text()));
                QVERIFY2(!owners.contains(key.toString()), qPrintable(key.toString() + " of " + action->text()));
                owners.insert(key.toString(), action->text());
            }
        }
        for (const char* key : {"Ctrl+O", "Space", "T", "N", ".", "F", "F2", "F11", "?"})
            QVERIFY2(owners.contains(key), key);
    }

private:
    static void openSampleAndStart(const FirstStart& first) {
        QVERIFY(first.page("welcome_page")->isVisible());
        click(first.button("try_sample"));
        QTRY_VERIFY_WITH_TIMEOUT(first.page("experiment_form")->isVisible(), kPatience);
        QVERIFY(first.button("start")->isEnabled());
        click(first.button("start"));
        QTRY_VERIFY(first.page("work_view")->isVisible());
    }

    static void changeMargin(const FirstStart& first) {
        auto* margin = first.window->findChild<QDoubleSpinBox*>("live_margin");
        QVERIFY(margin);
        const double wanted = margin->value() + 0.25;
        margin->setValue(wanted);
        const auto marginOfRun = [&first] { return first.runs()->snapshot()->settings.loss.parameters.at("margin"); };
        QTRY_COMPARE_WITH_TIMEOUT(marginOfRun(), wanted, kPatience);
    }

    static void pause(const FirstStart& first) {
        first.action("action_start_pause")->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(first.runs()->phase() == RunPhase::Paused, kPatience);
        // The picture catches up with the last bank of the paused run.
        QTRY_VERIFY_WITH_TIMEOUT(first.view()->shownLayout()->bank == first.runs()->snapshot()->bank, kPatience);
        QVERIFY(drawsWhatItHolds(*first.view()));
    }

    static void clickAPoint(const FirstStart& first) {
        QTRY_COMPARE(first.view()->frame().glide, 1.0F);  // points stand still before one is aimed at
        const int sample = clickableSample(*first.view());
        QVERIFY(sample >= 0);
        const QPoint at = first.view()->screenPositionOf(sample)->toPoint();
        QTest::mouseMove(first.view(), at);
        QTest::mouseClick(first.view(), Qt::LeftButton, {}, at);
        QTRY_COMPARE(first.view()->selectedSample(), sample);
    }

    static void stop(const FirstStart& first) {
        first.action("action_stop")->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(first.runs()->phase() == RunPhase::Stopped, kPatience);
        QVERIFY(first.view()->shownLayout());
    }
};

QTEST_MAIN(ShellWindowTest)
#include "shell_window_test.moc"
#include "ui/recent_places.h"
