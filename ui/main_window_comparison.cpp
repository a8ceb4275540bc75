// Runs side by side, as the main window opens and leads them. What the page itself does is in ui/compare/.
#include "ui/banner.h"
#include "ui/compare/comparison_controller.h"
#include "ui/compare/comparison_page.h"
#include "ui/compare/grid_dialog.h"
#include "ui/compare/twin_dialog.h"
#include "ui/form/experiment_form.h"
#include "ui/gallery_window.h"
#include "ui/health_lights.h"
#include "ui/icons.h"
#include "ui/load_page.h"
#include "ui/main_window.h"
#include "ui/paths.h"
#include "ui/same_images.h"
#include "ui/status_line.h"
#include "ui/view_bar.h"
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
    if (comparison.runs.size() > kMostPanes)
        throw std::runtime_error("This comparison has " + std::to_string(comparison.runs.size()) +
                                 " runs, and the window shows " + std::to_string(kMostPanes) +
                                 " side by side; run it without a window: embedscope compare.");
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
    grid_ = addAction("action_grid", tr("Compare values of a setting…"), {},
                      tr("One setting in several values, each with several seeds"));
    exportReport_ = addAction("action_export_report", tr("Export report…"), {},
                              tr("Pictures, table, verdict and settings as one HTML page that needs no other file"));
    exportTable_ = addAction("action_export_table", tr("Export table…"), {}, tr("The table as CSV"));
    connect(grid_, &QAction::triggered, this, &MainWindow::compareGrid);
    connect(exportReport_, &QAction::triggered, this, &MainWindow::exportReport);
    connect(exportTable_, &QAction::triggered, this, &MainWindow::exportTable);
    connect(compare_, &QAction::triggered, this, &MainWindow::compare);
    connect(openComparison_, &QAction::triggered, this, [this] {
        if (const QString file = askForFile(tr("Open a comparison")); !file.isEmpty()) openComparison(file);
    });
    connect(saveComparison_, &QAction::triggered, this, &MainWindow::saveComparison);
    connect(showComparison_, &QAction::triggered, this, &MainWindow::showComparison);
    connect(showRun_, &QAction::triggered, this, [this] { showPage(work_, runTitle_); });
}

void MainWindow::makeComparisonMenu() {
    QMenu* menu = menuBar()->addMenu(tr("&Compare"));
    menu->addActions({compare_, grid_});
    menu->addSeparator();
    menu->addActions({openComparison_, saveComparison_, exportReport_, exportTable_});
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
    if (!mayDrop(unkeptComparedRuns())) return showComparison();
    if (!comparison_) {
        comparison_ = new ComparisonPage(factory_);
        comparison_->controller()->setAxesFrozen(freeze_->isChecked());
        comparison_->viewBar()->addLooks(*looks_);
        answerEscape(*comparison_, [this] { return comparison_->currentView(); });
        connect(comparison_, &ComparisonPage::failed, this, &MainWindow::showSentence);
        connect(comparison_, &ComparisonPage::currentChanged, this, &MainWindow::updateActions);
        connect(comparison_->controller(), &ComparisonController::phaseChanged, this, [this] {
            updateActions();
            if (isComparing()) showComparisonStatus();
        });
        connect(comparison_->controller(), &ComparisonController::healthChanged, this, [this] {
            if (isComparing()) showComparisonHealth();
        });
        connect(pages_, &QStackedWidget::currentChanged, this, [this] {
            if (!isComparing()) showHealth();
        });
        pages_->addWidget(comparison_);
    }
    for (ComparedRun& run : comparison.runs) {
        run.experiment.data.folder = dataSettings_.folder;
        run.experiment.data.imageSize = dataSettings_.imageSize;
        run.experiment.data.channels = dataSettings_.channels;
    }
    banner_->hide();
    if (comparison_->begin(std::move(comparison), data_))
        runs_->setPaused(true);
    else
        letWaitingGoOn();
    if (comparison_->controller()->size() > 0)
        showComparison();
    else
        showWelcome();  // it was refused with a sentence, and there is none before it
}

void MainWindow::showComparison() {
    const std::string& name = comparison_->controller()->comparison().name;
    showPage(comparison_, name.empty() ? tr("Comparison") : QString::fromStdString(name));
    showComparisonStatus();
}

void MainWindow::showComparisonStatus() {
    const ComparisonController& controller = *comparison_->controller();
    const QString phase = controller.isPaused()   ? tr("paused")
                          : controller.isActive() ? tr("training")
                                                  : tr("not training");
    status_->showState(tr("%1 runs side by side   ·   %2").arg(controller.size()).arg(phase));
    showComparisonHealth();
}

/// The lights are those of all runs; a click on the warning of a pane tells which.
void MainWindow::showComparisonHealth() {
    const ComparisonController& controller = *comparison_->controller();
    HealthState all;
    for (std::size_t run = 0; run < controller.size(); ++run)
        if (const auto health = controller.run(run)->health())
            all.alarms.insert(all.alarms.end(), health->alarms.begin(), health->alarms.end());
    lights_->showHealth(&all, true);
}

/// A single run has room for it on its page.
void MainWindow::showGallery() {
    if (!isComparing()) return work_->showGallery();
    if (!galleryWindow_) galleryWindow_ = new GalleryWindow(this);
    galleryWindow_->follow(comparison_->currentView());
    galleryWindow_->show();
    galleryWindow_->raise();
}

void MainWindow::startOrPauseComparison() {
    ComparisonController& controller = *comparison_->controller();
    if (controller.isActive())
        controller.setPaused(!controller.isPaused());
    else
        restartComparison();
}

void MainWindow::restartComparison() {
    dropResuming();
    if (mayDrop(unkeptComparedRuns()) && !comparison_->controller()->restart()) letWaitingGoOn();
}

/// From the form what it says, from the page of a run that run's settings; a comparison gets one run more.
void MainWindow::compare() {
    dropResuming();
    if (isComparing()) return comparison_->duplicate();
    const Experiment experiment = experimentOfPage();
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

/// Of the framed pane, the form or the single run.
Experiment MainWindow::experimentOfPage() const {
    if (isComparing()) return comparison_->experiment();
    return pages_->currentWidget() == form_ ? form_->experiment() : runs_->experiment();
}

void MainWindow::compareGrid() {
    dropResuming();
    auto* dialog = new GridDialog(
        experimentOfPage(), [this](Comparison comparison) { beginComparison(std::move(comparison)); }, this);
    dialog->open();
}

void MainWindow::writeForComparison(const QString& title, const QString& proposed,
                                    const std::function<void(const std::filesystem::path&)>& write) try {
    if (const QString name = askForComparisonName(title, proposed); !name.isEmpty()) write(pathOf(name));
} catch (const std::exception& problem) {
    showSentence(QString::fromUtf8(problem.what()));
}

void MainWindow::saveComparison() {
    writeForComparison(tr("Save the comparison"), "comparison.json", [this](const std::filesystem::path& file) {
        writeComparison(file, comparison_->controller()->comparison());
    });
}

void MainWindow::exportReport() {
    writeForComparison(tr("Export the report"), "comparison.html", [this](const std::filesystem::path& file) {
        writeText(file, htmlReport(comparison_->report()));
    });
}

void MainWindow::exportTable() {
    writeForComparison(tr("Export the table"), "comparison.csv", [this](const std::filesystem::path& file) {
        writeText(file, tableCsv(comparison_->controller()->comparison(), comparison_->controller()->rows()));
    });
}

void MainWindow::updateComparisonActions() {
    const QWidget* page = pages_->currentWidget();
    const bool comparing = isComparing();
    // Twins train on the images that were opened last: of a run on others they would be no twins.
    const bool ofRun = sameFiles(data_, runs_->data());
    compare_->setEnabled(data_ && (comparing || page == form_ || (page == work_ && ofRun)));
    grid_->setEnabled(compare_->isEnabled());
    for (QAction* action : {saveComparison_, exportReport_, exportTable_}) action->setEnabled(comparing);
    showComparison_->setEnabled(comparison_ && !comparing && page != load_ && comparison_->controller()->size() > 0);
    if (galleryWindow_ && comparing) galleryWindow_->follow(comparison_->currentView());
    if (galleryWindow_ && !comparing) galleryWindow_->hide();
    showRun_->setEnabled(runs_->data() && page != work_ && page != load_);
}

}  // namespace embedscope
