// Runs side by side, as the main window opens and leads them. What the page itself does is in ui/compare/.
#include "ui/banner.h"
#include "ui/compare/comparison_controller.h"
#include "ui/compare/comparison_page.h"
#include "ui/compare/twin_dialog.h"
#include "ui/form/experiment_form.h"
#include "ui/icons.h"
#include "ui/load_page.h"
#include "ui/main_window.h"
#include "ui/paths.h"
#include "ui/work_view.h"

#include <QAction>
#include <QFileDialog>
#include <QLabel>
#include <QMenuBar>
#include <QStackedWidget>

#include <algorithm>
#include <exception>
#include <stdexcept>

namespace embedscope {
namespace {

bool readsSameImages(const DataSettings& one, const DataSettings& other) {
    return one.folder == other.folder && one.imageSize == other.imageSize && one.channels == other.channels;
}

/// What all runs of a comparison read. @throws std::runtime_error if they do not read the same.
DataSettings imagesOf(const Comparison& comparison) {
    if (comparison.runs.empty()) throw std::runtime_error("This comparison has no runs.");
    DataSettings settings = comparison.runs.front().experiment.data;
    for (const ComparedRun& run : comparison.runs)
        if (!readsSameImages(run.experiment.data, settings))
            throw std::runtime_error("“" + run.name + "” and “" + comparison.runs.front().name +
                                     "” read other images; give both the same folder, image size and channels, or "
                                     "compare them without a window: embedscope compare.");
    if (settings.folder.empty()) settings.folder = bundledSampleFolder();
    return settings;
}

}  // namespace

void MainWindow::makeComparisonActions() {
    askForComparisonName = [this](const QString& title, const QString& proposed) {
        return QFileDialog::getSaveFileName(this, title, proposed);
    };
    compare_ = addAction("action_compare", tr("Compare…"), icon(Symbol::Compare),
                         tr("Duplicate as comparison: a twin beside this run, with settings of its own"));
    compare_->setShortcut(tr("Ctrl+D"));
    openComparison_ = addAction("action_open_comparison", tr("Open comparison…"), {},
                                tr("Open a comparison.json and start its runs"));
    saveComparison_ = addAction("action_save_comparison", tr("Save comparison…"), {},
                                tr("Save names and settings of these runs as a file that opens again"));
    showComparison_ =
        addAction("action_show_comparison", tr("Show the comparison"), {}, tr("Back to the runs side by side"));
    showRun_ =
        addAction("action_show_run", tr("Show the single run"), {}, tr("Back to the run with a page of its own"));
    connect(compare_, &QAction::triggered, this, &MainWindow::compare);
    connect(openComparison_, &QAction::triggered, this, [this] {
        if (const QString file = askForFile(tr("Open a comparison")); !file.isEmpty()) openComparison(file);
    });
    connect(saveComparison_, &QAction::triggered, this, &MainWindow::saveComparison);
    connect(showComparison_, &QAction::triggered, this, &MainWindow::showComparison);
    connect(showRun_, &QAction::triggered, this, [this] {
        pages_->setCurrentWidget(work_);
        updateActions();
    });
}

void MainWindow::makeComparisonMenu() {
    QMenu* menu = menuBar()->addMenu(tr("&Compare"));
    menu->addActions({compare_, openComparison_});
    menu->addSeparator();
    menu->addAction(saveComparison_);
    menu->addSeparator();
    menu->addActions({showComparison_, showRun_});
}

bool MainWindow::isComparing() const {
    return comparison_ && pages_->currentWidget() == comparison_;
}

void MainWindow::openComparison(const QString& file) try {
    loadComparison(readComparison(pathOf(file)));
} catch (const std::exception& problem) {
    showSentence(QString::fromUtf8(problem.what()));
}

void MainWindow::loadComparison(Comparison comparison) try {
    const DataSettings images = imagesOf(comparison);
    load(images, std::move(comparison));
} catch (const std::exception& problem) {
    showSentence(QString::fromUtf8(problem.what()));
}

void MainWindow::beginComparison(Comparison comparison) {
    if (!comparison_) {
        comparison_ = new ComparisonPage(factory_);
        comparison_->controller()->setAxesFrozen(freeze_->isChecked());
        connect(comparison_, &ComparisonPage::failed, this, &MainWindow::showSentence);
        connect(comparison_->controller(), &ComparisonController::phaseChanged, this, [this] {
            updateActions();
            if (isComparing()) showComparisonStatus();
        });
        pages_->addWidget(comparison_);
    }
    for (ComparedRun& run : comparison.runs) {
        run.experiment.data.folder = dataSettings_.folder;
        run.experiment.data.imageSize = dataSettings_.imageSize;
        run.experiment.data.channels = dataSettings_.channels;
    }
    runs_->setPaused(true);
    banner_->hide();
    comparison_->begin(std::move(comparison), data_);
    showComparison();
}

void MainWindow::showComparison() {
    pages_->setCurrentWidget(comparison_);
    const std::string& name = comparison_->controller()->comparison().name;
    setWindowTitle(tr("%1 – Embedscope").arg(name.empty() ? tr("Comparison") : QString::fromStdString(name)));
    for (QLabel* label : {speed_, quality_}) label->clear();
    showComparisonStatus();
    updateActions();
}

void MainWindow::showComparisonStatus() {
    const ComparisonController& controller = *comparison_->controller();
    const QString phase = controller.isPaused()   ? tr("paused")
                          : controller.isActive() ? tr("training")
                                                  : tr("not training");
    status_->setText(tr("%1 runs side by side   ·   %2").arg(controller.size()).arg(phase));
    status_->setToolTip({});
}

void MainWindow::startOrPauseComparison() {
    ComparisonController& controller = *comparison_->controller();
    if (controller.isActive())
        controller.setPaused(!controller.isPaused());
    else
        controller.restart();
}

/// From the form what it says, from the page of a run that run's settings; a comparison gets one run more.
void MainWindow::compare() {
    if (isComparing()) return comparison_->duplicate();
    const Experiment experiment = pages_->currentWidget() == form_ ? form_->experiment() : runs_->experiment();
    Comparison comparison;
    comparison.name = data_->name;
    comparison.runs.push_back({"A", experiment, std::nullopt});
    const TwinDialog::Texts texts{tr("Compare"),
                                  tr("“A” has the settings as they are. Change here what is to differ in its twin; "
                                     "both start from the same first "
                                     "weights and see the same batches."),
                                  tr("Start both")};
    auto* dialog = new TwinDialog(
        texts, {"B", experiment, std::nullopt}, data_,
        [this, comparison](ComparedRun twin) mutable {
            comparison.runs.push_back(std::move(twin));
            beginComparison(std::move(comparison));
        },
        this);
    dialog->open();
}

void MainWindow::saveComparison() try {
    const QString name = askForComparisonName(tr("Save the comparison"), "comparison.json");
    if (!name.isEmpty()) writeComparison(pathOf(name), comparison_->controller()->comparison());
} catch (const std::exception& problem) {
    showSentence(QString::fromUtf8(problem.what()));
}

void MainWindow::updateComparisonActions() {
    const QWidget* page = pages_->currentWidget();
    const bool comparing = isComparing();
    compare_->setEnabled(data_ && (comparing || page == form_ || (page == work_ && runs_->data())));
    saveComparison_->setEnabled(comparing);
    showComparison_->setEnabled(comparison_ && !comparing && page != load_ && comparison_->controller()->size() > 0);
    showRun_->setEnabled(runs_->data() && page != work_ && page != load_);
}

}  // namespace embedscope
