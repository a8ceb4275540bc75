#include "ui/main_window.h"

#include "engine/experiment_file.h"
#include "ui/banner.h"
#include "ui/compare/comparison_controller.h"
#include "ui/compare/comparison_page.h"
#include "ui/data_controller.h"
#include "ui/embeddings_controller.h"
#include "ui/form/experiment_form.h"
#include "ui/health_lights.h"
#include "ui/library/library_page.h"
#include "ui/live_controls.h"
#include "ui/load_page.h"
#include "ui/map_bar.h"
#include "ui/mark_book.h"
#include "ui/paths.h"
#include "ui/preferences.h"
#include "ui/recent_places.h"
#include "ui/resume_reader.h"
#include "ui/scatter/embedding_view.h"
#include "ui/skipped_report.h"
#include "ui/status_line.h"
#include "ui/welcome_page.h"
#include "ui/work_view.h"

#include <QCloseEvent>
#include <QDragEnterEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QLabel>
#include <QMimeData>
#include <QScreen>
#include <QStackedWidget>
#include <QStatusBar>
#include <QVBoxLayout>

#include <algorithm>
#include <exception>
#include <iterator>
#include <utility>

namespace embedscope {

MainWindow::MainWindow(RunFactory factory, QWidget* parent)
    : QMainWindow(parent),
      factory_(factory),
      runs_(new RunController(std::move(factory), this)),
      loads_(new DataController(this)) {
    setObjectName("main_window");
    setAcceptDrops(true);
    askForFolder = [this](const QString& title) { return QFileDialog::getExistingDirectory(this, title); };
    askForFile = [this](const QString& title) { return QFileDialog::getOpenFileName(this, title); };
    makeKeeping();
    makePages();
    makeActions();
    makeSelection();
    makeMarks();
    makeLooks();
    makeTime();
    makeMenus();
    makeToolBar();
    makeStatusBar();
    connectControllers();
    connectMarks();
    connectPages();
    connectKept();
    resize(QSize(1440, 900).boundedTo(0.92 * screen()->availableSize()));
    restoreGeometry(preference("geometry").toByteArray());
    showWelcome();
}

MainWindow::~MainWindow() = default;

void MainWindow::makePages() {
    banner_ = new Banner;
    pages_ = new QStackedWidget;
    welcome_ = new WelcomePage;
    load_ = new LoadPage;
    form_ = new ExperimentForm;
    work_ = new WorkView;
    shelf_ = new LibraryPage;
    for (QWidget* page : {static_cast<QWidget*>(welcome_), static_cast<QWidget*>(load_), static_cast<QWidget*>(form_),
                          static_cast<QWidget*>(work_), static_cast<QWidget*>(shelf_)})
        pages_->addWidget(page);
    auto* centre = new QWidget;
    auto* layout = new QVBoxLayout(centre);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(banner_);
    layout->addWidget(pages_, 1);
    setCentralWidget(centre);
}

void MainWindow::makeStatusBar() {
    status_ = new StatusLine;
    status_->setObjectName("status");
    speed_ = new QLabel;
    speed_->setObjectName("speed");
    speed_->setToolTip(tr("Training images per second."));
    quality_ = new QLabel;
    quality_->setObjectName("map_quality");
    quality_->setToolTip(
        tr("How far the map can be believed. Trust is low where neighbours on the map are far apart in "
           "truth, continuity where true neighbours were torn apart; 1 is perfect."));
    renderer_ = new QLabel;
    renderer_->setToolTip(tr("What draws the points."));
    skippedLink_ = new QLabel;
    skippedLink_->setObjectName("skipped_link");
    skippedLink_->setToolTip(tr("Which files could not be read, and why."));
    connect(skippedLink_, &QLabel::linkActivated, this, &MainWindow::showSkipped);
    constexpr int kEdge = 8;  // so that no text touches the window's
    status_->setContentsMargins(kEdge, 0, 0, 0);
    renderer_->setContentsMargins(0, 0, kEdge, 0);
    statusBar()->addWidget(status_, 1);
    lights_ = new HealthLights;
    connect(lights_, &HealthLights::clicked, this, [this] {
        if (!runs_->snapshot() || isComparing()) return;
        showPage(work_, runTitle_);
        work_->showAlarms();
    });
    statusBar()->addPermanentWidget(skippedLink_);
    statusBar()->addPermanentWidget(lights_);
    statusBar()->addPermanentWidget(quality_);
    statusBar()->addPermanentWidget(speed_);
    statusBar()->addPermanentWidget(renderer_);
}

void MainWindow::connectControllers() {
    connect(loads_, &DataController::progressed, this, [this](const auto& state) { load_->showState(*state); });
    connect(loads_, &DataController::opened, this, &MainWindow::showOpened);
    connect(loads_, &DataController::cancelled, this, [this] {
        pending_.reset();
        resuming_.reset();
        watched_.reset();
        showRunOrWelcome();
    });
    connect(loads_, &DataController::failed, this, [this](const QString& sentence) {
        if (watched_) return startWatching(nullptr, sentence);
        pending_.reset();
        resuming_.reset();
        showRunOrWelcome();
        showSentence(sentence);
    });
    connect(runs_, &RunController::started, this, [this] {
        speed_->clear();  // of the run before
        mapQuality_.clear();
        quality_->clear();
        work_->setReadOnly(runs_->isReadOnly());
        work_->begin(runs_->experiment(), runs_->data());
    });
    connect(runs_, &RunController::snapshotArrived, this, [this](const auto& snapshot) {
        work_->showSnapshot(snapshot);
        if (pages_->currentWidget() == work_) showStatus(*snapshot);
    });
    connect(runs_, &RunController::layoutArrived, work_, &WorkView::showLayout);
    connect(runs_, &RunController::layoutArrived, this, [this](const auto& layout) {
        mapQuality_ = qualityText(*layout);
        if (pages_->currentWidget() == work_) quality_->setText(mapQuality_);
    });
    connect(runs_, &RunController::started, this, &MainWindow::showHealth);
    connect(runs_, &RunController::healthChanged, this, &MainWindow::showHealth);
    connect(runs_, &RunController::phaseChanged, this, &MainWindow::showHealth);
    connect(runs_, &RunController::phaseChanged, this, &MainWindow::updateActions);
    connect(runs_, &RunController::failed, this, &MainWindow::showSentence);
}

void MainWindow::connectPages() {
    connect(welcome_, &WelcomePage::openFolderRequested, openFolder_, &QAction::trigger);
    connect(welcome_, &WelcomePage::openFileRequested, openFile_, &QAction::trigger);
    connect(welcome_, &WelcomePage::sampleRequested, sample_, &QAction::trigger);
    connect(welcome_, &WelcomePage::placeRequested, this, &MainWindow::openPlace);
    connect(welcome_, &WelcomePage::runRequested, this, &MainWindow::openRun);
    connect(welcome_, &WelcomePage::resumeRequested, this, &MainWindow::resumeRun);
    connect(welcome_, &WelcomePage::readyMadeRequested, this, [this](const ReadyMade& readyMade) {
        pending_ = readyMade.experiment;
        openSample();
    });
    connect(welcome_, &WelcomePage::comparisonRequested, this, &MainWindow::loadComparison);
    connect(welcome_, &WelcomePage::openComparisonRequested, openComparison_, &QAction::trigger);
    connect(load_, &LoadPage::cancelRequested, loads_, &DataController::cancel);
    connect(form_, &ExperimentForm::startRequested, this, &MainWindow::startFromForm);
    connect(form_, &ExperimentForm::backRequested, this, &MainWindow::showRunOrWelcome);
    connect(form_, &ExperimentForm::reloadRequested, this, [this](const DataSettings& settings) {
        pending_ = form_->experiment();
        load(settings);
    });
    LiveControls* controls = work_->controls();
    connect(controls, &LiveControls::learningRateChanged, runs_, &RunController::setLearningRate);
    connect(controls, &LiveControls::lossParameterChanged, runs_, &RunController::setLossParameter);
    connect(controls, &LiveControls::viewLossParameterChanged, runs_, &RunController::setViewLossParameter);
    connect(controls, &LiveControls::viewLossWeightChanged, runs_, &RunController::setViewLossWeight);
    connect(controls, &LiveControls::lossChanged, runs_, &RunController::setLoss);
    connect(work_, &WorkView::measureRequested, runs_, &RunController::measureNow);
    connect(work_, &WorkView::cureRequested, runs_, &RunController::apply);
    connect(controls, &LiveControls::minerChanged, runs_, &RunController::setMiner);
    connect(controls, &LiveControls::augmentationChanged, runs_, &RunController::setAugmentation);
    connect(work_->mapBar(), &MapBar::methodChanged, runs_, &RunController::setMapMethod);
    connect(work_->mapBar(), &MapBar::dimensionsChanged, runs_, &RunController::setMapDimensions);
    connect(freeze_, &QAction::toggled, work_->mapBar(), &MapBar::setFrozen);
    connect(work_->mapBar(), &MapBar::startOverRequested, runs_, &RunController::startMapOver);
    connect(work_->mapBar(), &MapBar::settleRequested, runs_, &RunController::settleMap);
    connect(work_->view(), &EmbeddingView::rendererChanged, renderer_, &QLabel::setText);
    renderer_->setText(work_->view()->rendererName());
}

void MainWindow::openPlace(const QString& place) {
    pending_.reset();
    if (areEmbeddings(pathOf(place))) return viewEmbeddings({pathOf(place), {}, {}});
    if (QFileInfo::exists(place + "/experiment.json")) return watchRun(place);
    DataSettings settings;
    settings.folder = pathOf(place);
    load(settings);
}

void MainWindow::openSample() try {
    DataSettings settings;
    settings.folder = bundledSampleFolder();
    load(settings);
} catch (const std::exception& problem) {
    showSentence(QString::fromUtf8(problem.what()));
}

void MainWindow::openRun(const QString& folder) try {
    pending_ = readExperiment(pathOf(folder) / "experiment.json");
    load(pending_->data);
} catch (const std::exception& problem) {
    showSentence(QString::fromUtf8(problem.what()));
}

void MainWindow::resumeRun(const QString& folder) {
    status_->tell(tr("Reading the checkpoint of “%1”…").arg(QFileInfo(folder).fileName()));
    resumes_->read(folder);
}

/// A checkpoint that is still being read would take the place of what begins now.
void MainWindow::dropResuming() {
    resumes_->cancel();
    status_->takeBack();
}

void MainWindow::load(const DataSettings& settings, std::optional<Comparison> then) {
    opening_ = settings;
    resuming_.reset();
    watched_.reset();
    dropResuming();
    embeddings_->cancel();
    viewing_ = false;
    pendingComparison_ = std::move(then);
    banner_->hide();
    showLoading(textOf(settings.folder.filename()));
    loads_->open(settings);
}

void MainWindow::showOpened(std::shared_ptr<const DataSet> dataSet, const QString& remark) {
    data_ = std::move(dataSet);
    dataSettings_ = opening_;
    const std::optional<Experiment> pending = std::exchange(pending_, std::nullopt);
    showSkippedCount();
    if (watched_) return startWatching(data_, {});
    rememberPlace(textOf(dataSettings_.folder));
    rememberSession("place", textOf(dataSettings_.folder));
    if (resuming_) return startResumed();
    if (pendingComparison_) {
        beginComparison(*std::exchange(pendingComparison_, std::nullopt));
        if (!remark.isEmpty()) showSentence(remark);
        return;
    }
    fillForm(pending.value_or(form_->experiment()));
    showForm();
    if (!remark.isEmpty()) showSentence(remark);
}

void MainWindow::startFromForm() try {
    dropResuming();
    const Experiment experiment = form_->experiment();
    const auto split = withHoldOut(*data_, experiment.data, experiment.seed);
    if (!mayDrop(unkeptRuns())) return;
    const QString folder = form_->keepsRun() ? newRunFolder(QString::fromStdString(data_->name)) : QString();
    banner_->hide();
    if (!runs_->start(experiment, split, pathOf(folder), companyOf(split))) return letWaitingGoOn();
    if (!folder.isEmpty()) {
        rememberRun(folder);
        rememberSession("run", folder);
    }
    showRun(folder.isEmpty() ? QString::fromStdString(data_->name) : QFileInfo(folder).fileName());
} catch (const std::exception& problem) {
    showSentence(QString::fromUtf8(problem.what()));
}

void MainWindow::startResumed() try {
    const ResumePoint point = *std::exchange(resuming_, std::nullopt);
    Experiment experiment = point.settings;
    QString remark = point.notices.empty() ? QString() : QString::fromStdString(point.notices.front());
    if (point.checkpoint && point.checkpoint->epoch() >= experiment.epochs) {
        experiment.epochs = std::min(2 * experiment.epochs, 100'000);
        remark = tr("The run was finished; it goes on to epoch %1.").arg(experiment.epochs);
    }
    const auto split = withHoldOut(*data_, experiment.data, experiment.seed);
    if (!mayDrop(unkeptRuns())) return showRunOrWelcome();
    RunCompany company;
    company.from = point.checkpoint;
    company.resumes = true;
    marks_->take(nullptr);  // the run has its own
    banner_->hide();
    if (!runs_->start(experiment, split, pathOf(resumedFolder_), std::move(company))) {
        letWaitingGoOn();
        return showWelcome();
    }
    rememberRun(resumedFolder_);
    rememberSession("run", resumedFolder_);
    showRun(QFileInfo(resumedFolder_).fileName());
    if (!remark.isEmpty()) showSentence(remark);
} catch (const std::exception& problem) {
    showWelcome();
    showSentence(QString::fromUtf8(problem.what()));
}

void MainWindow::startOrPause() {
    if (isComparing())
        startOrPauseComparison();
    else if (runs_->isReadOnly())
        resumeRun(textOf(runs_->folder()));
    else if (runs_->isActive())
        runs_->setPaused(runs_->phase() != RunPhase::Paused);
    else
        restartRun();
}

void MainWindow::restartRun() {
    if (isComparing()) return restartComparison();
    dropResuming();
    if (!runs_->data() || !mayDrop(unkeptRuns())) return;
    banner_->hide();
    const QString name = QString::fromStdString(runs_->data()->name);
    const QString folder = runs_->folder().empty() ? QString() : newRunFolder(name);
    if (!runs_->restart(pathOf(folder))) return letWaitingGoOn();
    if (!folder.isEmpty()) {
        rememberRun(folder);
        rememberSession("run", folder);
    }
    showRun(folder.isEmpty() ? name : QFileInfo(folder).fileName());
}

void MainWindow::showSkippedCount() {
    const std::size_t skipped = data_->skipped.size();
    const QString text = skipped == 1 ? tr("1 file skipped") : tr("%1 files skipped").arg(skipped);
    skippedLink_->setText(skipped == 0 ? QString() : "<a href='#'>" + text + "</a>");
}

void MainWindow::showSkipped() {
    if (!data_) return;
    auto* report = new SkippedReport(data_->skipped, this);
    report->setAttribute(Qt::WA_DeleteOnClose);
    report->show();
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
    if (event->mimeData()->hasUrls() && event->mimeData()->urls().first().isLocalFile()) event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event) {
    const QString place = event->mimeData()->urls().first().toLocalFile();
    if (!dropPicture(place)) openPlace(place);
}

/// Not the full screen: the next start is a window again, as large as it was.
void MainWindow::rememberGeometry() {
    if (!isFullScreen()) setPreference("geometry", saveGeometry());
}

void MainWindow::closeEvent(QCloseEvent* event) {
    std::vector<NamedRun> unkept = unkeptRuns();
    std::ranges::copy(unkeptComparedRuns(), std::back_inserter(unkept));
    if (!mayDrop(unkept)) return event->ignore();
    rememberGeometry();
    work_->rememberSizes();
    rememberMap();
    runs_->stop();
    if (comparison_) comparison_->controller()->stop();
    event->accept();
}

}  // namespace embedscope
