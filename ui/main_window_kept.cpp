// Runs that are kept, runs of other processes, embeddings of other programs, as the main window opens and exports them.
#include "engine/picture_file.h"
#include "engine/run_follow.h"
#include "ui/banner.h"
#include "ui/data_controller.h"
#include "ui/embeddings_controller.h"
#include "ui/export_dialog.h"
#include "ui/library/library_page.h"
#include "ui/library/results_dialog.h"
#include "ui/load_page.h"
#include "ui/main_window.h"
#include "ui/map_bar.h"
#include "ui/paths.h"
#include "ui/picture_query.h"
#include "ui/preferences.h"
#include "ui/recent_places.h"
#include "ui/resume_reader.h"
#include "ui/status_line.h"
#include "ui/welcome_page.h"
#include "ui/work_view.h"

#include <QAction>
#include <QFileInfo>
#include <QMenu>
#include <QStackedWidget>
#include <QStatusBar>

#include <algorithm>
#include <exception>
#include <utility>

namespace embedscope {
namespace {

const QString kSession = QStringLiteral("session"), kMapMethod = QStringLiteral("mapMethod"),
              kMapDimensions = QStringLiteral("mapDimensions");

QString nameOf(const std::filesystem::path& folder) {
    return textOf((folder.has_filename() ? folder : folder.parent_path()).filename());
}

}  // namespace

void MainWindow::makeKeptActions() {
    openEmbeddings_ = addAction("action_open_embeddings", tr("Open embeddings…"), {},
                                tr("Look at embeddings that another program computed: .npy or .tsv, with a table of "
                                   "labels and paths beside them"));
    watchRun_ = addAction("action_watch_run", tr("Watch a run…"), {},
                          tr("Open a run folder read only, also while another process writes it"));
    export_ = addAction("action_export_run", tr("Export run…"), {},
                        tr("Embeddings, metrics or the encoder of this run for other programs"));
    query_ = addAction("action_query", tr("Query by image…"), {},
                       tr("Where would a picture of yours lie, and what are its nearest neighbours? Or drop it here"));
    library_ = addAction("action_library", tr("Library of runs"), {},
                         tr("All runs that are kept: look, resume, compare, annotate, delete"));
    library_->setShortcut(tr("Ctrl+L"));
    connect(library_, &QAction::triggered, this, &MainWindow::showLibrary);
    connect(openEmbeddings_, &QAction::triggered, this, [this] {
        if (const QString file = askForFile(tr("Open embeddings (.npy or .tsv)")); !file.isEmpty()) openPlace(file);
    });
    connect(watchRun_, &QAction::triggered, this, [this] {
        if (const QString folder = askForFolder(tr("Watch a run folder")); !folder.isEmpty()) watchRun(folder);
    });
    connect(export_, &QAction::triggered, this, [this] { exportKeptRun(textOf(runs_->folder())); });
    connect(query_, &QAction::triggered, this, [this] {
        if (const QString file = askForFile(tr("A picture to place")); !file.isEmpty()) work_->askPicture(pathOf(file));
    });
}

void MainWindow::connectKept() {
    embeddings_ = new EmbeddingsController(this);
    connect(embeddings_, &EmbeddingsController::opened, this, &MainWindow::showEmbeddingsOpened);
    connect(embeddings_, &EmbeddingsController::failed, this, [this](const QString& sentence) {
        viewing_ = false;
        showRunOrWelcome();
        showSentence(sentence);
    });
    resumes_ = new ResumeReader(this);
    connect(resumes_, &ResumeReader::opened, this, [this](const ResumePoint& point, const QString& folder) {
        load(point.settings.data);
        resuming_ = point;
        resumedFolder_ = folder;
    });
    connect(resumes_, &ResumeReader::failed, this, [this](const QString& sentence) {
        status_->takeBack();
        showSentence(sentence);
    });
    connect(load_, &LoadPage::cancelRequested, this, [this] {
        embeddings_->cancel();
        if (std::exchange(viewing_, false)) showRunOrWelcome();
    });
    connect(welcome_, &WelcomePage::libraryRequested, library_, &QAction::trigger);
    connect(shelf_, &LibraryPage::backRequested, this, [this] { showAgain(shelf_->origin()); });
    connect(shelf_, &LibraryPage::openRequested, this, &MainWindow::watchRun);
    connect(shelf_, &LibraryPage::settingsRequested, this, &MainWindow::openRun);
    connect(shelf_, &LibraryPage::resumeRequested, this, &MainWindow::resumeRun);
    connect(shelf_, &LibraryPage::exportRequested, this, &MainWindow::exportKeptRun);
    connect(shelf_, &LibraryPage::resultsRequested, this, [this](const std::vector<KeptRun>& runs) {
        auto* dialog = new ResultsDialog(runs, this);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->show();
    });
    connect(shelf_, &LibraryPage::compareRequested, this, &MainWindow::compareKept);
    connect(shelf_, &LibraryPage::sentenceWanted, this, &MainWindow::showSentence);
    connect(work_, &WorkView::pictureRefused, this, &MainWindow::showSentence);
    work_->querySource = [this] {
        const auto checkpoints = runs_->checkpoints();
        return QuerySource{checkpoints.empty() ? nullptr : checkpoints.back(),
                           runs_->isReadOnly() ? runs_->folder() : std::filesystem::path()};
    };
}

void MainWindow::viewEmbeddings(const ViewSource& source) {
    loads_->drop();
    dropResuming();
    pending_.reset();
    resuming_.reset();
    watched_.reset();
    banner_->hide();
    viewed_ = source;
    viewing_ = true;
    showLoading(textOf(source.embeddings.filename()));
    embeddings_->open(source);
}

void MainWindow::view(const ViewSource& source) {
    std::error_code none;
    if (std::filesystem::is_directory(source.embeddings, none) && !areEmbeddings(source.embeddings))
        watchRun(textOf(source.embeddings));
    else
        viewEmbeddings(source);
}

void MainWindow::showEmbeddingsOpened(const ViewedEmbeddings& viewed) {
    viewing_ = false;
    if (!mayDrop(unkeptRuns())) return showRunOrWelcome();
    Experiment experiment;
    experiment.name = viewed.data->name;
    runs_->show(experiment, viewed.data, [viewed](RunStart start) { return showEmbeddings(std::move(start), viewed); },
                {});
    showRun(QString::fromStdString(viewed.data->name));
    rememberPlace(textOf(viewed_.embeddings));
    rememberSession("embeddings", textOf(viewed_.embeddings));
    if (!viewed.remark.empty()) showSentence(QString::fromStdString(viewed.remark));
}

void MainWindow::watchRun(const QString& folder) try {
    RunDescription run = describeRun(pathOf(folder));
    load(run.dataSettings());
    watched_ = WatchedRun{pathOf(folder), std::move(run)};
} catch (const std::exception& problem) {
    showSentence(QString::fromUtf8(problem.what()));
}

/// @param images As opened; null if they cannot be. Those of another day would be shown at the wrong points.
void MainWindow::startWatching(const std::shared_ptr<const DataSet>& images, const QString& problem) try {
    const WatchedRun watched = *std::exchange(watched_, std::nullopt);
    const RunDescription& run = watched.description;
    const bool same = images && images->fingerprint == run.dataFingerprint;
    const std::shared_ptr<const DataSet> shown =
        same ? withHoldOut(*images, run.settings.data, run.settings.seed) : samplesWithoutPictures(watched.folder, run);
    if (!mayDrop(unkeptRuns())) return showRunOrWelcome();
    runs_->show(
        run.settings, shown,
        [watched](RunStart start) { return followRun(std::move(start), watched.folder, watched.description); },
        watched.folder);
    showRun(nameOf(watched.folder));
    rememberRun(textOf(watched.folder));
    rememberSession("run", textOf(watched.folder));
    if (!same)
        showSentence(tr("The points have no pictures: %1")
                         .arg(images ? tr("the images are not those of the run any more.") : problem));
} catch (const std::exception& problem_) {
    showRunOrWelcome();
    showSentence(QString::fromUtf8(problem_.what()));
}

/// A run that was left before its end, as the last session may have left it.
bool MainWindow::canResumeWatched() const {
    return runs_->isReadOnly() && !runs_->folder().empty() && runs_->phase() == RunPhase::Stopped &&
           hasCheckpoints(runs_->folder());
}

void MainWindow::exportKeptRun(const QString& folder) {
    auto* dialog = new ExportDialog(pathOf(folder), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &ExportDialog::exported, this, &MainWindow::showSentence);
    dialog->open();
}

void MainWindow::showLibrary() {
    shelf_->refresh();
    shelf_->setOrigin(pages_->currentWidget());
    showPage(shelf_, tr("Library"));
}

void MainWindow::compareKept(const std::vector<KeptRun>& runs) {
    Comparison comparison;
    comparison.name = "Runs of the library";
    for (const KeptRun& run : runs)
        comparison.runs.push_back({nameOf(run.folder).toStdString(), run.settings, std::nullopt});
    loadComparison(std::move(comparison));
}

bool MainWindow::dropPicture(const QString& file) {
    if (pages_->currentWidget() != work_ || !isPictureName(pathOf(file))) return false;
    work_->askPicture(pathOf(file));
    return true;
}

void MainWindow::rememberSession(const QString& kind, const QString& place) {
    setPreference(kSession, QStringList{kind, place});
}

void MainWindow::rememberMap() const {
    setPreference(kMapMethod, QString::fromStdString(work_->mapBar()->method().id));
    setPreference(kMapDimensions, work_->mapBar()->dimensions());
}

void MainWindow::restoreSession() {
    const std::string method = preference(kMapMethod).toString().toStdString();
    if (std::ranges::find(projectionCatalog(), method, &CatalogEntry::id) != projectionCatalog().end()) {
        work_->mapBar()->setMethod(method);
        runs_->setMapMethod(work_->mapBar()->method());
    }
    if (preference(kMapDimensions).toInt() == 3) {
        work_->mapBar()->setDimensions(3);
        runs_->setMapDimensions(3);
    }
    const QStringList session = preference(kSession).toStringList();
    if (session.size() != 2 || !QFileInfo::exists(session[1])) return;
    if (session[0] == "run")
        watchRun(session[1]);
    else
        openPlace(session[1]);
}

void MainWindow::updateKeptActions() {
    const bool working = pages_->currentWidget() == work_;
    export_->setEnabled(working && !runs_->folder().empty());
    query_->setEnabled(working && runs_->snapshot() && runs_->snapshot()->bank);
    keep_->setEnabled((working && runs_->data() && !runs_->isReadOnly() && runs_->folder().empty()) || isComparing());
}

}  // namespace embedscope
