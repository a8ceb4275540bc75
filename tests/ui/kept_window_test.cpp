// Kept runs, runs of other processes and embeddings of other programs in the real window.

#include "engine/data_load.h"
#include "engine/embedding_file.h"
#include "engine/machine.h"
#include "engine/run_notes.h"
#include "tests/app/stripes.h"
#include "tests/support/kept_run.h"
#include "tests/support/small_experiment.h"
#include "ui/banner.h"
#include "ui/charts/overlay_chart.h"
#include "ui/export_dialog.h"
#include "ui/form/experiment_form.h"
#include "ui/library/library_page.h"
#include "ui/library/library_rows.h"
#include "ui/library/results_dialog.h"
#include "ui/main_window.h"
#include "ui/map_bar.h"
#include "ui/preferences.h"
#include "ui/recent_places.h"
#include "ui/scatter/embedding_view.h"
#include "ui/work_view.h"

#include <QAction>
#include <QClipboard>
#include <QComboBox>
#include <QDateTime>
#include <QDir>
#include <QGuiApplication>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QStandardPaths>
#include <QTabWidget>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>

#include <fstream>

using namespace embedscope;
using namespace embedscope::test;
namespace fs = std::filesystem;

namespace {

constexpr int kPatience = 60'000;  // milliseconds; the machine may be busy

}  // namespace

class KeptWindowTest : public QObject {
    Q_OBJECT

    QTemporaryDir temporary_;
    std::unique_ptr<MainWindow> window_;

    QString at(const QString& name) const { return temporary_.filePath(name); }
    static fs::path pathOf(const QString& name) { return name.toStdString(); }
    EmbeddingView* view() const { return window_->workView()->view(); }
    QAction* action(const char* name) const { return window_->findChild<QAction*>(name); }
    LibraryPage* library() const { return window_->findChild<LibraryPage*>("library_page"); }
    QPushButton* button(const char* name) const { return window_->findChild<QPushButton*>(name); }
    QString sentence() const { return window_->findChild<Banner*>()->sentence(); }

    void openLibrary(int runs) {
        action("action_library")->trigger();
        QTRY_COMPARE_WITH_TIMEOUT(library()->table()->model()->rowCount(), runs, kPatience);
        library()->table()->selectRow(0);
    }
    void watch(const QString& run) {
        window_->watchRun(run);
        QTRY_VERIFY_WITH_TIMEOUT(window_->runs()->phase() == RunPhase::Finished && view()->shownLayout(), kPatience);
    }

private Q_SLOTS:
    void initTestCase() {
        prepareProcess();
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setOrganizationName("embedscope-test");
        QCoreApplication::setApplicationName("embedscope-kept-test");
        writeStripes(pathOf(at("images")), 3, 10);
        Experiment experiment = smallExperiment();
        experiment.data.folder = pathOf(at("images"));
        const auto data = withHoldOut(*loadDataSet(experiment.data), experiment.data, experiment.seed);
        for (const char* name : {"first", "second"}) {
            trainInto(pathOf(at(QString("runs/") + name)), experiment, data);
            experiment.loss.parameters["margin"] = 0.7;
        }
    }
    void init() {
        clearPreferences();
        setRunsFolder(at("runs"));
        window_ = std::make_unique<MainWindow>();
        window_->resize(1400, 900);
        window_->show();
        QVERIFY(QTest::qWaitForWindowExposed(window_.get()));
    }
    void cleanup() { window_.reset(); }

    void AWatchedRunShowsItsPointsAndTakesNoChanges() {
        watch(at("runs/first"));
        QCOMPARE(view()->shownLayout()->coordinates.size(), std::size_t{60});
        QVERIFY(window_->runs()->isReadOnly());
        for (const char* name : {"action_start_pause", "action_stop", "action_restart", "action_step"})
            QVERIFY2(!action(name)->isEnabled(), name);
        QVERIFY(action("action_export_run")->isEnabled() && action("action_query")->isEnabled());
        QCOMPARE(window_->runs()->data()->shape.height, 16);  // with its pictures
    }

    void WithoutItsImagesAWatchedRunKeepsItsNames() {
        fs::rename(pathOf(at("images")), pathOf(at("moved")));
        watch(at("runs/first"));
        fs::rename(pathOf(at("moved")), pathOf(at("images")));
        QVERIFY2(sentence().contains("no pictures"), qPrintable(sentence()));
        QCOMPARE(window_->runs()->data()->classNames.size(), std::size_t{3});
    }

    void APictureFindsItsPlaceAndItsNeighbours() {
        watch(at("runs/first"));
        window_->askForFile = [this](const QString&) { return at("images/stripes2/3.png"); };
        action("action_query")->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(view()->query(), kPatience);
        const auto& samples = window_->runs()->data()->samples;
        QCOMPARE(view()->query()->neighbors.size(), std::size_t{12});
        // It is one of the images: its own point is the nearest, at its very place.
        const int own = view()->query()->neighbors.front();
        QCOMPARE(samples[static_cast<std::size_t>(own)].path, std::string("stripes2/3.png"));
        const auto apart = [&] {  // what is kept of the run is shown epoch by epoch, and the picture follows
            const std::optional<QPointF> there = view()->screenPositionOf(own);
            return there ? QLineF(*there, view()->frame().screenFrom(view()->query()->place)).length() : 1e9;
        };
        QTRY_VERIFY_WITH_TIMEOUT(view()->query() && apart() < 2, kPatience);
        QTest::keyClick(view(), Qt::Key_Escape);
        QVERIFY(!view()->query());
    }

    void ARunOfThisSessionPlacesPicturesToo() {
        Experiment experiment = smallExperiment();
        experiment.data.folder = pathOf(at("images"));
        const auto data = withHoldOut(*loadDataSet(experiment.data), experiment.data, experiment.seed);
        QVERIFY(window_->runs()->start(experiment, data, {}));
        QTRY_VERIFY_WITH_TIMEOUT(window_->runs()->phase() == RunPhase::Finished && view()->shownLayout(), kPatience);
        window_->workView()->askPicture(pathOf(at("images/stripes1/2.png")));
        QTRY_VERIFY_WITH_TIMEOUT(view()->query(), kPatience);
        const int nearest = view()->query()->neighbors.front();
        QCOMPARE(data->samples[static_cast<std::size_t>(nearest)].path, std::string("stripes1/2.png"));
    }

    void WhatIsNoPictureIsRefused() {
        watch(at("runs/first"));
        std::ofstream(pathOf(at("text.png"))) << "not a picture";
        window_->workView()->askPicture(pathOf(at("text.png")));
        QTRY_VERIFY_WITH_TIMEOUT(sentence().contains("text.png"), kPatience);
        QVERIFY(!view()->query());
    }

    void EmbeddingsOfOthersOpenInTheSameView() {
        writeEmbeddings(pathOf(at("x.npy")), std::vector<float>{1, 2, 3, 4, 5, 6, 7, 9, 8}, 3);
        window_->openPlace(at("x.npy"));
        QTRY_VERIFY_WITH_TIMEOUT(view()->shownLayout(), kPatience);
        QCOMPARE(view()->shownLayout()->coordinates.size(), std::size_t{6});
        QVERIFY(!action("action_export_run")->isEnabled());
        window_->workView()->askPicture(pathOf(at("images/stripes2/3.png")));
        QTRY_VERIFY_WITH_TIMEOUT(sentence().contains("without their encoder"), kPatience);
    }

    void NoComparisonTrainsOnOtherImagesThanTheRunShown() {
        writeEmbeddings(pathOf(at("z.npy")), std::vector<float>{1, 2, 3, 4, 5, 6, 7, 9, 8}, 3);
        watch(at("runs/first"));
        QVERIFY(action("action_compare")->isEnabled());
        window_->openPlace(at("z.npy"));
        QTRY_COMPARE_WITH_TIMEOUT(window_->runs()->data()->name, std::string("z.npy"), kPatience);
        QVERIFY(view()->isVisible() && !action("action_compare")->isEnabled());
    }

    void WhatIsOpenedLastIsWhatIsShown() {
        writeEmbeddings(pathOf(at("y.npy")), std::vector<float>{1, 2, 3, 4, 5, 6, 7, 9, 8}, 3);
        auto* form = window_->findChild<ExperimentForm*>();
        window_->openPlace(at("y.npy"));
        window_->openPlace(at("images"));
        QTRY_VERIFY_WITH_TIMEOUT(form->isVisible(), kPatience);
        QVERIFY(!window_->runs()->snapshot());  // the embeddings have not come in between
        window_->openPlace(at("images"));
        window_->openPlace(at("y.npy"));
        QTRY_VERIFY_WITH_TIMEOUT(view()->shownLayout() && view()->isVisible(), kPatience);
    }

    void AMapIsKeptOnceForEachRun() {
        const QString maps = QStandardPaths::writableLocation(QStandardPaths::CacheLocation) + "/maps";
        QDir(maps).removeRecursively();
        openLibrary(2);
        const auto times = [&] {
            QList<QDateTime> found;
            for (const QFileInfo& map : QDir(maps).entryInfoList(QDir::Files)) found << map.lastModified();
            return found;
        };
        const QList<QDateTime> before = times();
        QCOMPARE(before.size(), 2);
        fs::last_write_time(pathOf(at("runs/first/metrics.csv")), fs::file_time_type::clock::now());
        button("library_refresh")->click();
        QTRY_VERIFY_WITH_TIMEOUT(window_->findChild<QLabel*>("library_note")->text().startsWith("2 runs"), kPatience);
        QCOMPARE(times().size(), 2);
        QVERIFY(times() != before);  // that of the run that was written on was drawn again
    }

    void TheLibraryLeadsBackToWhereOneCameFrom() {
        QWidget* before = window_->findChild<QWidget*>("welcome_page");
        QVERIFY(before->isVisible());
        const QString title = window_->windowTitle();
        openLibrary(2);
        QVERIFY(!before->isVisible());
        window_->findChild<QAction*>("action_library")->trigger();  // once more changes nothing
        button("library_back")->click();
        QVERIFY(before->isVisible());
        QCOMPARE(window_->windowTitle(), title);
    }

    void TheLibraryListsFiltersAndAnnotates() {
        openLibrary(2);
        QVERIFY(!library()->table()->model()->index(0, 0).data(Qt::DecorationRole).isNull());
        auto* model = library()->table()->model();
        const int tags = kTags;
        QVERIFY(model->setData(model->index(0, tags), "best, shoes"));
        const fs::path folder = library()->selectedRuns().front().folder;
        QCOMPARE(readRunNotes(folder).tags, std::string("best, shoes"));
        window_->findChild<QLineEdit*>("library_filter")->setText("shoes");
        QCOMPARE(model->rowCount(), 1);
        window_->findChild<QLineEdit*>("library_filter")->setText("nothing like it");
        QCOMPARE(model->rowCount(), 0);
        window_->findChild<QLineEdit*>("library_filter")->clear();
        button("library_refresh")->click();
        QTRY_COMPARE_WITH_TIMEOUT(model->rowCount(), 2, kPatience);
    }

    void KeptResultsStandBesideEachOther() {
        openLibrary(2);
        QVERIFY(!button("library_results")->isEnabled());
        library()->table()->selectAll();
        QTest::mouseClick(button("library_results"), Qt::LeftButton);
        auto* dialog = window_->findChild<ResultsDialog*>("results_dialog");
        QVERIFY(dialog);
        auto* table = dialog->findChild<QTableView*>("comparison_table")->model();
        QTRY_COMPARE_WITH_TIMEOUT(table->rowCount(), 2, kPatience);
        QStringList titles;
        for (int column = 0; column < table->columnCount(); ++column)
            titles << table->headerData(column, Qt::Horizontal).toString();
        QVERIFY2(titles.contains("Margin"), qPrintable(titles.join(", ")));  // the one setting that differs
        const auto column = titles.indexOf("Recall@1");
        for (int row = 0; row < 2; ++row) QVERIFY(table->index(row, column).data().toString().contains('%'));
        auto* tabs = dialog->findChild<QTabWidget*>("comparison_tabs");
        tabs->setCurrentIndex(1);
        auto* chart = dialog->findChild<OverlayChart*>("overlay_recall");
        QCOMPARE(chart->lines().size(), std::size_t{2});
        QCOMPARE(chart->lines().front().points.size(), std::size_t{3});  // before training and after each epoch
        QTest::mouseClick(dialog->findChild<QPushButton*>("results_copy"), Qt::LeftButton);
        QVERIFY(QGuiApplication::clipboard()->text().contains("recall_at_1"));
        dialog->close();
    }

    void TheLibraryOpensRenamesAndThrowsAway() {
        fs::copy(pathOf(at("runs/first")), pathOf(at("runs/third")), fs::copy_options::recursive);
        openLibrary(3);
        library()->table()->sortByColumn(1, Qt::DescendingOrder);
        library()->table()->selectRow(0);
        QCOMPARE(library()->selectedRuns().front().folder.filename().string(), std::string("third"));
        library()->askForName = [](const QString&, const QString&) { return QString("renamed"); };
        button("library_rename")->click();
        QTRY_VERIFY_WITH_TIMEOUT(fs::exists(pathOf(at("runs/renamed/experiment.json"))), kPatience);
        QTRY_VERIFY_WITH_TIMEOUT(
            library()->table()->model()->index(2, 1).data() == "first" || library()->table()->model()->rowCount() == 3,
            kPatience);
        QStringList thrown;
        library()->confirm = [](const QString&) { return true; };
        library()->moveToTrash = [&thrown](const QString& folder) {
            thrown << folder;
            fs::remove_all(folder.toStdString());
            return true;
        };
        QTRY_VERIFY_WITH_TIMEOUT(selectNamed("renamed"), kPatience);
        button("library_delete")->click();
        QCOMPARE(thrown.size(), 1);
        QTRY_COMPARE_WITH_TIMEOUT(library()->table()->model()->rowCount(), 2, kPatience);
        library()->table()->selectRow(0);
        button("library_open")->click();
        QTRY_VERIFY_WITH_TIMEOUT(view()->shownLayout(), kPatience);
    }

    void AnExportIsWrittenFromTheWindow() {
        watch(at("runs/first"));
        action("action_export_run")->trigger();
        auto* dialog = window_->findChild<ExportDialog*>("export_dialog");
        QVERIFY(dialog);
        auto* format = dialog->findChild<QComboBox*>("export_format");
        format->setCurrentIndex(format->findData("onnx"));
        dialog->findChild<QLineEdit*>("export_path")->setText(at("window.onnx"));
        dialog->findChild<QPushButton*>("export_write")->click();
        QTRY_VERIFY_WITH_TIMEOUT(sentence().contains("window.onnx"), kPatience);
        QVERIFY(fs::file_size(pathOf(at("window.onnx"))) > 1000);
    }

    void TheSessionComesBack() {
        watch(at("runs/second"));
        window_->workView()->mapBar()->setMethod("umap");
        window_->close();
        window_ = std::make_unique<MainWindow>();
        window_->show();
        window_->restoreSession();
        QTRY_VERIFY_WITH_TIMEOUT(view()->shownLayout(), kPatience);
        QCOMPARE(window_->runs()->folder().filename().string(), std::string("second"));
        QCOMPARE(window_->workView()->mapBar()->method().id, std::string("umap"));
        QTRY_COMPARE_WITH_TIMEOUT(view()->shownLayout()->method, std::string("umap"), kPatience);
    }

private:
    bool selectNamed(const QString& name) {
        auto* model = library()->table()->model();
        for (int row = 0; row < model->rowCount(); ++row)
            if (model->index(row, 1).data() == name) {
                library()->table()->selectRow(row);
                return true;
            }
        return false;
    }
};

QTEST_MAIN(KeptWindowTest)
#include "kept_window_test.moc"
