// Runs that are kept nowhere are not dropped unasked, in the real window.

#include "engine/data_load.h"
#include "engine/machine.h"
#include "engine/run_resume.h"
#include "engine/storage/write_faults.h"
#include "tests/app/stripes.h"
#include "tests/support/small_experiment.h"
#include "ui/banner.h"
#include "ui/compare/comparison_controller.h"
#include "ui/compare/comparison_page.h"
#include "ui/main_window.h"
#include "ui/preferences.h"
#include "ui/recent_places.h"
#include "ui/scatter/embedding_view.h"
#include "ui/status_line.h"
#include "ui/work_view.h"

#include <QAction>
#include <QDir>
#include <QFile>
#include <QMessageBox>
#include <QPushButton>
#include <QStandardPaths>
#include <QStatusBar>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

#include <cerrno>

using namespace embedscope;
using namespace embedscope::test;
namespace fs = std::filesystem;

namespace {

constexpr int kPatience = 60'000;  // milliseconds; the machine may be busy

}  // namespace

class KeepingTest : public QObject {
    Q_OBJECT

    QTemporaryDir temporary_;
    std::unique_ptr<MainWindow> window_;
    QStringList asked_;
    KeepAnswer answer_ = KeepAnswer::Cancel;
    int round_ = 0;

    QString at(const QString& name) const { return temporary_.filePath(name); }
    QStringList keptFolders() const { return QDir(runsFolder()).entryList(QDir::Dirs | QDir::NoDotAndDotDot); }
    fs::path onlyKept() const { return (runsFolder() + '/' + keptFolders().value(0)).toStdString(); }
    QAction* action(const char* name) const { return window_->findChild<QAction*>(name); }

    Experiment longExperiment() const {
        Experiment experiment = smallExperiment();
        experiment.epochs = 10'000;
        experiment.data.folder = at("images").toStdString();
        return experiment;
    }
    /// Trains in the window, to beyond the first epoch.
    void start(const QString& folder = {}) {
        const Experiment experiment = longExperiment();
        const auto data = withHoldOut(*loadDataSet(experiment.data), experiment.data, experiment.seed);
        QVERIFY(window_->runs()->start(experiment, data, folder.toStdString()));
        QTRY_VERIFY_WITH_TIMEOUT(window_->runs()->snapshot()->epoch > 1.5, kPatience);
    }

private Q_SLOTS:
    void initTestCase() {
        prepareProcess();
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setOrganizationName("embedscope-test");
        QCoreApplication::setApplicationName("embedscope-keeping-test");
        writeStripes(at("images").toStdString(), 3, 20);
    }
    void init() {
        clearPreferences();
        setRunsFolder(at(QString("runs %1").arg(++round_)));
        asked_.clear();
        window_ = std::make_unique<MainWindow>();
        window_->askToKeep = [this](const QString& question, const QString& loss) {
            asked_ << question + ' ' + loss;
            return answer_;
        };
        window_->show();
    }
    void cleanup() { window_.reset(); }

    void CancelKeepsTheWindowAndTheRunGoesOn() {
        start();
        answer_ = KeepAnswer::Cancel;
        QVERIFY(!window_->close());
        QVERIFY(window_->isVisible());
        QCOMPARE(asked_.size(), 1);
        QVERIFY2(asked_[0].contains("images") && asked_[0].contains("Recall@1") && asked_[0].contains(runsFolder()),
                 qPrintable(asked_[0]));
        QVERIFY2(asked_[0].contains("Keep writes step"), qPrintable(asked_[0]));
        const std::int64_t step = window_->runs()->snapshot()->step;
        QTRY_VERIFY_WITH_TIMEOUT(window_->runs()->phase() == RunPhase::Running, kPatience);
        QTRY_VERIFY_WITH_TIMEOUT(window_->runs()->snapshot()->step > step, kPatience);
        answer_ = KeepAnswer::Discard;
        QVERIFY(window_->close());
        QVERIFY(keptFolders().isEmpty());
    }

    void WhatWasKeptComesBackAndCanBeResumed() {
        start();
        answer_ = KeepAnswer::Keep;
        QVERIFY(window_->close());
        QCOMPARE(keptFolders().size(), 1);
        const ResumePoint point = resumePointOf(onlyKept());
        QVERIFY(point.checkpoint && point.checkpoint->epoch() > 1);
        window_ = std::make_unique<MainWindow>();
        window_->show();
        window_->restoreSession();
        QTRY_VERIFY_WITH_TIMEOUT(window_->workView()->view()->shownLayout(), kPatience);
        QCOMPARE(QString::fromStdString(window_->runs()->folder().string()),
                 QString::fromStdString(onlyKept().string()));
        window_->resumeRun(QString::fromStdString(onlyKept().string()));
        QTRY_VERIFY_WITH_TIMEOUT(!window_->runs()->isReadOnly() && window_->runs()->phase() == RunPhase::Running,
                                 kPatience);
        QVERIFY(window_->runs()->snapshot()->step >= point.checkpoint->step);
    }

    void TheQuestionIsABoxWithThreeAnswers() {
        window_ = std::make_unique<MainWindow>();  // with the question of its own
        window_->show();
        start();
        QStringList buttons;
        QTimer::singleShot(0, this, [&] {
            auto* box = qobject_cast<QMessageBox*>(QApplication::activeModalWidget());
            if (!box) return;
            for (QAbstractButton* button : box->buttons()) buttons << button->text().remove('&');
            QTest::keyClick(box, Qt::Key_Escape);
        });
        QVERIFY(!window_->close());
        QCOMPARE(buttons.size(), 3);
        QVERIFY2(buttons.contains("Keep"), qPrintable(buttons.join(", ")));
        window_->askToKeep = [](const QString&, const QString&) { return KeepAnswer::Discard; };
    }

    void AnotherRunAsksBeforeItTakesThePlace() {
        start();
        answer_ = KeepAnswer::Cancel;
        const std::int64_t step = window_->runs()->snapshot()->step;
        action("action_restart")->setEnabled(true);
        action("action_restart")->trigger();
        QCOMPARE(asked_.size(), 1);
        QVERIFY(window_->runs()->snapshot()->step >= step);
        answer_ = KeepAnswer::Keep;
        action("action_restart")->trigger();
        QCOMPARE(asked_.size(), 2);
        QCOMPARE(keptFolders().size(), 1);
        QTRY_VERIFY_WITH_TIMEOUT(window_->runs()->snapshot()->step > 0, kPatience);
        answer_ = KeepAnswer::Discard;
        QVERIFY(window_->close());
        QCOMPARE(keptFolders().size(), 1);
    }

    void WhatComesAfterKeepingIsUnkeptAgain() {
        start();
        window_->runs()->setPaused(true);
        QTRY_VERIFY_WITH_TIMEOUT(window_->runs()->phase() == RunPhase::Paused, kPatience);
        QVERIFY(window_->runs()->isUnkept());
        const std::int64_t step = window_->runs()->keep(at("by hand").toStdString());
        QCOMPARE(step, window_->runs()->snapshot()->step);
        QVERIFY(!window_->runs()->isUnkept());
        window_->runs()->setPaused(false);
        QTRY_VERIFY_WITH_TIMEOUT(window_->runs()->snapshot()->step > step, kPatience);
        QVERIFY(window_->runs()->isUnkept());
        answer_ = KeepAnswer::Discard;
        QVERIFY(window_->close());
    }

    void ARunThatStartsDropsTheCheckpointThatIsBeingRead() {
        start();
        window_->runs()->keep(at("to resume").toStdString());
        window_->resumeRun(at("to resume"));
        QVERIFY(window_->findChild<StatusLine*>()->told().contains("to resume"));
        answer_ = KeepAnswer::Discard;
        action("action_restart")->setEnabled(true);
        action("action_restart")->trigger();
        QVERIFY(window_->findChild<StatusLine*>()->told().isEmpty());
        QTRY_VERIFY_WITH_TIMEOUT(window_->runs()->snapshot()->step > 0, kPatience);
        QVERIFY(window_->runs()->folder().empty());
        QVERIFY(window_->close());
    }

    void AStartThatFailsLeavesTheEndedRunItsCheckpoints() {
        start();
        window_->runs()->stop();
        QTRY_VERIFY_WITH_TIMEOUT(!window_->runs()->isActive(), kPatience);
        const auto checkpoints = window_->runs()->checkpoints();
        QVERIFY(!checkpoints.empty());
        QVERIFY(QFile(at("no folder")).open(QIODevice::WriteOnly));
        QVERIFY(!window_->runs()->restart((at("no folder") + "/run").toStdString()));
        QVERIFY(window_->runs()->checkpoints() == checkpoints);
        QVERIFY(window_->runs()->isUnkept());
        answer_ = KeepAnswer::Discard;
        QVERIFY(window_->close());
    }

    void ARunInAFolderIsNotAskedForAndEndsWhereItWas() {
        start(at("runs folder/kept"));
        const fs::path folder = window_->runs()->folder();
        QVERIFY(window_->close());
        window_.reset();
        QVERIFY(asked_.isEmpty());
        QVERIFY(resumePointOf(folder).checkpoint->epoch() > 1);
    }

    void WhatCannotBeWrittenIsASentenceAndTheRunGoesOn() {
        setWriteFault([](WriteCall, const fs::path& file) {
            return file.string().find("checkpoints") == std::string::npos ? 0 : ENOSPC;
        });
        start(at("full/kept"));
        auto* banner = window_->findChild<Banner*>();
        QTRY_VERIFY_WITH_TIMEOUT(banner->sentence().contains("no space left"), kPatience);
        QVERIFY2(banner->sentence().endsWith("What cannot be written is left out."), qPrintable(banner->sentence()));
        QVERIFY(window_->runs()->isActive());
        window_->runs()->stop();
        QTRY_VERIFY_WITH_TIMEOUT(!window_->runs()->isActive(), kPatience);
        setWriteFault({});
    }

    void AKeptRunIsKeptWhenItStartsAgain() {
        start(at("again/kept"));
        action("action_restart")->setEnabled(true);
        action("action_restart")->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(window_->runs()->snapshot() && window_->runs()->snapshot()->step > 0, kPatience);
        QVERIFY(asked_.isEmpty());
        QCOMPARE(QString::fromStdString(window_->runs()->folder().parent_path().string()), runsFolder());
    }

    void RunsSideBySideAreAskedForTogether() {
        Comparison comparison;
        comparison.name = "margins";
        for (const double margin : {0.2, 0.5}) {
            Experiment experiment = longExperiment();
            experiment.loss.parameters["margin"] = margin;
            comparison.runs.push_back({"m" + std::to_string(margin).substr(0, 3), experiment, std::nullopt});
        }
        writeComparison(at("margins.json").toStdString(), comparison);
        window_->openComparison(at("margins.json"));
        QTRY_VERIFY_WITH_TIMEOUT(window_->comparison(), kPatience);
        const ComparisonController& runs = *window_->comparison()->controller();
        for (const std::size_t run : {0U, 1U})
            QTRY_VERIFY_WITH_TIMEOUT(runs.run(run)->snapshot() && runs.run(run)->snapshot()->step > 3, kPatience);
        answer_ = KeepAnswer::Cancel;
        action("action_restart")->setEnabled(true);
        action("action_restart")->trigger();
        QCOMPARE(asked_.size(), 1);
        for (const std::size_t run : {0U, 1U}) QVERIFY(runs.run(run)->snapshot()->step > 3);
        asked_.clear();
        answer_ = KeepAnswer::Keep;
        QVERIFY(window_->close());
        QCOMPARE(asked_.size(), 1);
        QVERIFY2(asked_[0].contains("margins m0.2") && asked_[0].contains("margins m0.5"), qPrintable(asked_[0]));
        QCOMPARE(keptFolders().size(), 2);
    }
};

QTEST_MAIN(KeepingTest)
#include "keeping_test.moc"
