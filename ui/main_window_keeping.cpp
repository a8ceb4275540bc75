// Runs that are kept nowhere: before they are dropped a person is asked, once.
#include "ui/compare/comparison_controller.h"
#include "ui/compare/comparison_page.h"
#include "ui/main_window.h"
#include "ui/paths.h"
#include "ui/recent_places.h"

#include <QAction>
#include <QFileInfo>
#include <QLocale>
#include <QMessageBox>
#include <QPushButton>

#include <algorithm>
#include <cmath>
#include <exception>
#include <utility>

namespace embedscope {
namespace {

KeepAnswer askedToKeep(QWidget* window, const QString& question, const QString& loss) {
    QMessageBox box(QMessageBox::Question, MainWindow::tr("Keep this run?"), question, QMessageBox::NoButton, window);
    box.setObjectName("keep_question");
    box.setInformativeText(loss);
    QPushButton* keep = box.addButton(MainWindow::tr("Keep"), QMessageBox::AcceptRole);
    QPushButton* discard = box.addButton(QMessageBox::Discard);
    box.setEscapeButton(box.addButton(QMessageBox::Cancel));
    box.setDefaultButton(keep);
    box.exec();
    return box.clickedButton() == keep      ? KeepAnswer::Keep
           : box.clickedButton() == discard ? KeepAnswer::Discard
                                            : KeepAnswer::Cancel;
}

/// "step 1,234, epoch 3.2 of 5, Recall@1 71.0 %, 2 minutes of training"
QString stateText(const Snapshot& snapshot) {
    const QLocale locale;
    QString text = MainWindow::tr("step %1, epoch %2 of %3")
                       .arg(locale.toString(static_cast<qlonglong>(snapshot.step)))
                       .arg(locale.toString(snapshot.epoch, 'f', 1))
                       .arg(snapshot.epochs);
    double recall = MetricsRow::kNone;
    if (snapshot.history)
        for (const MetricsRow& row : *snapshot.history)
            if (std::isfinite(row.recallAt1)) recall = row.recallAt1;
    if (std::isfinite(recall)) text += MainWindow::tr(", Recall@1 %1 %").arg(locale.toString(100 * recall, 'f', 1));
    const auto seconds = static_cast<qlonglong>(std::lround(snapshot.seconds));
    return text + (seconds < 120 ? MainWindow::tr(", %1 s of training").arg(seconds)
                                 : MainWindow::tr(", %1 minutes of training").arg(seconds / 60));
}

/// What keep() would write. A pause that was only asked for, as by mayDrop(), brings a later state.
QString keptStepText(const RunController& run) {
    const std::int64_t step = run.checkpoints().back()->step;
    const bool goesOn = run.isActive() && run.phase() != RunPhase::Paused;
    return (goesOn ? MainWindow::tr(" (Keep writes step %1 or a later one)") : MainWindow::tr(" (Keep writes step %1)"))
        .arg(QLocale().toString(static_cast<qlonglong>(step)));
}

}  // namespace

void MainWindow::makeKeeping() {
    askToKeep = [this](const QString& question, const QString& loss) { return askedToKeep(this, question, loss); };
    keep_ = addAction("action_keep_run", tr("Keep run"), {},
                      tr("Write what this run has come to into the library, so that it can be resumed and exported"));
    connect(keep_, &QAction::triggered, this, [this] {
        const std::vector<NamedRun> runs = isComparing() ? unkeptComparedRuns() : unkeptRuns();
        if (runs.empty()) return showSentence(tr("There is nothing to keep yet, or it is kept already."));
        if (const QStringList kept = keep(runs); !kept.isEmpty())
            showSentence(tr("In the library of runs: %1.").arg(kept.join(", ")));
    });
}

std::vector<MainWindow::NamedRun> MainWindow::unkeptRuns() const {
    if (!runs_->isUnkept()) return {};
    return {{QString::fromStdString(runs_->data()->name), runs_}};
}

std::vector<MainWindow::NamedRun> MainWindow::unkeptComparedRuns() const {
    std::vector<NamedRun> unkept;
    if (!comparison_) return unkept;
    const ComparisonController& controller = *comparison_->controller();
    const QString comparison = QString::fromStdString(controller.comparison().name);
    for (std::size_t i = 0; i < controller.size(); ++i)
        if (controller.run(i)->isUnkept())
            unkept.push_back({(comparison.isEmpty() ? tr("Comparison") : comparison) + ' ' +
                                  QString::fromStdString(controller.comparison().runs[i].name),
                              controller.run(i)});
    return unkept;
}

/// Asks what becomes of runs that are kept nowhere; they wait for the answer. @return Whether they may be dropped now.
bool MainWindow::mayDrop(const std::vector<NamedRun>& runs) {
    waiting_.clear();
    if (runs.empty()) return true;
    for (const NamedRun& each : runs)
        if (each.run->isActive() && each.run->phase() != RunPhase::Paused) {
            each.run->setPaused(true);
            waiting_.emplace_back(each.run);
        }
    QStringList lost;
    const bool one = runs.size() == 1;
    for (const NamedRun& each : runs)
        lost << (one ? QString() : "“" + each.name + "”: ") + stateText(*each.run->snapshot()) +
                    keptStepText(*each.run);
    const QString question = one ? tr("“%1” is not kept on disk. Keep this run?").arg(runs.front().name)
                                 : tr("%1 runs are not kept on disk. Keep them?").arg(runs.size());
    const QString loss =
        tr("Otherwise weights, curves and map are lost:\n%1.\n\nKept runs go to “%2”, and the library (Ctrl+L) opens, "
           "resumes and exports them.")
            .arg(lost.join(";\n"), runsFolder());
    const KeepAnswer answer = askToKeep(question, loss);
    if (answer == KeepAnswer::Discard || (answer == KeepAnswer::Keep && !keep(runs).isEmpty())) return true;
    letWaitingGoOn();
    return false;
}

/// Also for whoever dropped them in vain, as nothing else could be started.
void MainWindow::letWaitingGoOn() {
    for (const QPointer<RunController>& run : std::exchange(waiting_, {}))
        if (run) run->setPaused(false);
}

/// @return What was written of each run; empty after a sentence.
QStringList MainWindow::keep(const std::vector<NamedRun>& runs) try {
    QStringList kept;
    for (const NamedRun& each : runs) {
        const QString folder = newRunFolder(each.name);
        const std::int64_t step = each.run->keep(pathOf(folder));
        kept << tr("“%1” as it was at step %2").arg(each.name, QLocale().toString(static_cast<qlonglong>(step)));
        rememberRun(folder);
        if (each.run == runs_) rememberSession("run", folder);
    }
    return kept;
} catch (const std::exception& problem) {
    showSentence(QString::fromUtf8(problem.what()));
    return {};
}

}  // namespace embedscope
