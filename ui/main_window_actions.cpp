// The actions of the main window: menus, tool bar and status line. What they do is in main_window.cpp.
#include "ui/compare/comparison_controller.h"
#include "ui/compare/comparison_page.h"
#include "ui/health_lights.h"
#include "ui/help_dialog.h"
#include "ui/icons.h"
#include "ui/image_cache_dialog.h"
#include "ui/load_page.h"
#include "ui/main_window.h"
#include "ui/mark_actions.h"
#include "ui/scatter/embedding_view.h"
#include "ui/selection_actions.h"
#include "ui/status_line.h"
#include "ui/steady_width.h"
#include "ui/theme.h"
#include "ui/timeline.h"
#include "ui/view_actions.h"
#include "ui/view_bar.h"
#include "ui/work_view.h"

#include <QAction>
#include <QActionGroup>
#include <QApplication>
#include <QLabel>
#include <QLocale>
#include <QMenuBar>
#include <QShortcut>
#include <QStackedWidget>
#include <QToolBar>

#include <cmath>

namespace embedscope {
namespace {

QString phaseText(RunPhase phase) {
    switch (phase) {
        case RunPhase::Preparing:
            return QObject::tr("Preparing");
        case RunPhase::Running:
            return QObject::tr("Training");
        case RunPhase::Paused:
            return QObject::tr("Paused");
        case RunPhase::Finished:
            return QObject::tr("Finished");
        case RunPhase::Stopped:
            return QObject::tr("Stopped");
        case RunPhase::Failed:
            return QObject::tr("Failed");
    }
    return {};
}

}  // namespace

QAction* MainWindow::addAction(const QString& name, const QString& text, const QIcon& icon, const QString& help) {
    auto* action = new QAction(icon, text, this);
    action->setObjectName(name);
    action->setToolTip(help);
    return action;
}

void MainWindow::makeActions() {
    openFolder_ =
        addAction("action_open_folder", tr("Open folder…"), icon(Symbol::Open), tr("Open a folder of images"));
    openFolder_->setShortcut(QKeySequence::Open);
    openFile_ = addAction("action_open_file", tr("Open manifest or IDX file…"), {},
                          tr("Open a CSV manifest or an IDX images file"));
    sample_ = addAction("action_sample", tr("Try the sample"), icon(Symbol::Sample), tr("Open the bundled sample"));
    home_ = addAction("action_home", tr("Start page"), {}, tr("Ready-made experiments, folders and runs opened last"));
    newExperiment_ =
        addAction("action_new", tr("Settings"), icon(Symbol::New), tr("Set up another run on the same images"));
    newExperiment_->setShortcut(QKeySequence::New);
    startPause_ = addAction("action_start_pause", tr("Start"), icon(Symbol::Play), tr("Start or pause the training"));
    startPause_->setShortcuts({Qt::Key_Space, Qt::Key_T});
    step_ = addAction("action_step", tr("Step"), icon(Symbol::Step), tr("One training step, then pause"));
    step_->setShortcuts({Qt::Key_N, Qt::Key_Period});
    stop_ = addAction("action_stop", tr("Stop"), icon(Symbol::Stop), tr("End the run; what was computed stays"));
    restart_ = addAction("action_restart", tr("Restart"), icon(Symbol::Restart),
                         tr("Start the same experiment from the beginning"));
    fit_ = addAction("action_fit", tr("Fit"), icon(Symbol::Fit), tr("Show all points"));
    fit_->setShortcut(Qt::Key_F);
    freeze_ = addAction(
        "action_freeze", tr("Freeze map"), icon(Symbol::Freeze),
        tr("Keep the axes of the projection, or the places of t-SNE and UMAP, so that frames compare exactly"));
    freeze_->setCheckable(true);
    makeSaving();
    skipped_ = addAction("action_skipped", tr("Skipped files…"), {}, tr("Files that could not be read"));

    connect(openFolder_, &QAction::triggered, this, [this] {
        if (const QString place = askForFolder(tr("Open a folder of images")); !place.isEmpty()) openPlace(place);
    });
    connect(openFile_, &QAction::triggered, this, [this] {
        if (const QString place = askForFile(tr("Open a manifest or IDX file")); !place.isEmpty()) openPlace(place);
    });
    connect(sample_, &QAction::triggered, this, &MainWindow::openSample);
    connect(newExperiment_, &QAction::triggered, this, &MainWindow::showForm);
    connect(startPause_, &QAction::triggered, this, &MainWindow::startOrPause);
    connect(step_, &QAction::triggered, this,
            [this] { isComparing() ? comparison_->controller()->stepOnce() : runs_->stepOnce(); });
    connect(stop_, &QAction::triggered, this,
            [this] { isComparing() ? comparison_->controller()->stop() : runs_->stop(); });
    connect(home_, &QAction::triggered, this, [this] {
        rememberSession({}, {});  // left on purpose
        showWelcome();
    });
    connect(restart_, &QAction::triggered, this, &MainWindow::restartRun);
    connect(fit_, &QAction::triggered, this,
            [this] { isComparing() ? comparison_->fitAll() : work_->view()->fitAll(); });
    connect(freeze_, &QAction::toggled, this, [this](bool frozen) {
        runs_->setAxesFrozen(frozen);
        if (comparison_) comparison_->controller()->setAxesFrozen(frozen);
    });
    connect(skipped_, &QAction::triggered, this, &MainWindow::showSkipped);
    makeComparisonActions();
    makeKeptActions();
}

void MainWindow::makeSelection() {
    selection_ = new SelectionActions(this);
    work_->viewBar()->addSelection(*selection_);
    connect(selection_, &SelectionActions::failed, this, &MainWindow::showSentence);
    connect(selection_, &SelectionActions::relabelRequested, work_, &WorkView::relabel);
    connect(work_, &WorkView::told, this, &MainWindow::tell);
    connect(work_, &WorkView::failed, this, &MainWindow::showSentence);
    connect(selection_, &SelectionActions::told, this, &MainWindow::tell);
    connect(selection_, &SelectionActions::galleryRequested, this, &MainWindow::showGallery);
    answerEscape(*work_, [this] { return work_->view(); });
}

/// Whatever has the focus on a page of pictures: a chart, a table, the picture itself.
void MainWindow::answerEscape(QWidget& page, std::function<EmbeddingView*()> view) {
    auto* escape = new QShortcut(Qt::Key_Escape, &page);
    escape->setContext(Qt::WidgetWithChildrenShortcut);
    connect(escape, &QShortcut::activated, this, [view = std::move(view)] {
        if (EmbeddingView* meant = view()) meant->selectNothing();
    });
}

void MainWindow::makeLooks() {
    looks_ = new ViewActions(this);
    work_->viewBar()->addLooks(*looks_);
    connect(looks_->movedFrom(), &QAction::triggered, work_, &WorkView::measureMovementFromHere);
}

void MainWindow::makeTime() {
    struct Move {
        const char* name;
        QString text, key, help;
        std::function<void(Timeline&)> act;
    };
    const Move moves[] = {
        {"time_back", tr("One frame back"), "[", tr("The recorded frame before"), [](Timeline& t) { t.stepBy(-1); }},
        {"time_forth", tr("One frame on"), "]", tr("The recorded frame after"), [](Timeline& t) { t.stepBy(1); }},
        {"time_first", tr("First frame"), "Home", tr("How the map began"), [](Timeline& t) { t.goToFirst(); }},
        {"time_live", tr("Newest frame, live"), "End", tr("Follows the training again"),
         [](Timeline& t) { t.goLive(); }},
        {"time_event_back", tr("Event before"), "Ctrl+[", tr("The alarm or changed setting before"),
         [](Timeline& t) { t.jump(false); }},
        {"time_event_forth", tr("Next event"), "Ctrl+]", tr("The next alarm or changed setting"),
         [](Timeline& t) { t.jump(true); }},
        {"time_play", tr("Play the recorded frames"), "K", tr("One after the other; again to halt"),
         [](Timeline& t) { t.setPlaying(!t.isPlaying()); }}};
    for (const Move& move : moves) {
        QAction* action = addAction(move.name, move.text, {}, move.help);
        action->setShortcut(QKeySequence(move.key));
        connect(action, &QAction::triggered, this, [this, act = move.act] { act(*work_->timeline()); });
        time_.push_back(action);
    }
}

void MainWindow::makeMenus() {
    QMenu* file = menuBar()->addMenu(tr("&File"));
    file->addActions({openFolder_, openFile_, openEmbeddings_, watchRun_, library_, sample_, home_});
    file->addSeparator();
    file->addActions({save_, copy_, saveAnimation_, saveReplay_, keep_, export_, skipped_});
    file->addSeparator();
    QAction* cache = file->addAction(tr("Image cache…"), this, [this] {
        auto* dialog = new ImageCacheDialog(this);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->show();
    });
    cache->setObjectName("action_image_cache");
    file->addSeparator();
    QAction* quit = file->addAction(tr("Quit"), QKeySequence::Quit, this, &QWidget::close);
    quit->setObjectName("action_quit");

    QMenu* run = menuBar()->addMenu(tr("&Run"));
    run->addActions({startPause_, step_, stop_, restart_, newExperiment_});
    run->addSeparator();
    run->addAction(query_);

    makeComparisonMenu();

    selection_->addTo(*menuBar()->addMenu(tr("&Selection")));

    marking_->addTo(*menuBar()->addMenu(tr("&Marks")));

    QMenu* view = menuBar()->addMenu(tr("&View"));
    view->addActions({fit_, freeze_});
    view->addSeparator();
    looks_->addTo(*view);
    view->addSeparator();
    for (QAction* action : time_) view->addAction(action);
    view->addSeparator();
    auto* themes = new QActionGroup(this);
    const QStringList names = {tr("System colours"), tr("Light"), tr("Dark")};
    for (int choice = 0; choice < names.size(); ++choice) {
        QAction* action = view->addAction(names[choice]);
        action->setObjectName(QString("action_theme_%1").arg(choice));
        action->setCheckable(true);
        action->setChecked(static_cast<int>(savedTheme()) == choice);
        themes->addAction(action);
        connect(action, &QAction::triggered, this, [this, choice] { chooseTheme(choice); });
    }
    view->addSeparator();
    QAction* fullScreen = view->addAction(tr("Full screen"), Qt::Key_F11, this, [this] {
        rememberGeometry();
        setWindowState(windowState() ^ Qt::WindowFullScreen);
    });
    fullScreen->setObjectName("action_full_screen");

    QMenu* help = menuBar()->addMenu(tr("&Help"));
    const auto addHelp = [&](const char* name, const QString& text, const QKeySequence& key, HelpPage page) {
        help->addAction(text, key, this, [this, page] { showHelp(page, this); })->setObjectName(name);
    };
    addHelp("action_help", tr("What am I seeing?"), QKeySequence::HelpContents, HelpPage::Seeing);
    addHelp("action_help_numbers", tr("What the numbers mean"), {}, HelpPage::Numbers);
    addHelp("action_help_comparing", tr("Runs side by side"), {}, HelpPage::Comparing);
    addHelp("action_help_kept", tr("Runs that are kept"), {}, HelpPage::Kept);
    addHelp("action_help_losses", tr("Losses"), {}, HelpPage::Losses);
    addHelp("action_help_mining", tr("Mining"), {}, HelpPage::Mining);
    addHelp("action_help_keys", tr("Keys and mouse"), Qt::Key_Question, HelpPage::Keys);
    help->addSeparator();
    addHelp("action_about", tr("About Embedscope"), {}, HelpPage::About);
}

void MainWindow::makeToolBar() {
    QToolBar* bar = addToolBar(tr("Main"));
    bar->setObjectName("main_tool_bar");
    bar->setMovable(false);
    bar->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    bar->setIconSize({18, 18});
    bar->addActions({openFolder_, sample_});
    bar->addSeparator();
    bar->addActions({startPause_, step_, stop_, restart_, newExperiment_});
    if (auto* button = qobject_cast<QAbstractButton*>(bar->widgetForAction(startPause_)))
        keepWidth(*button, {tr("Resume"), tr("Pause"), tr("Start again"), tr("Start")});
    bar->addSeparator();
    bar->addActions({fit_, freeze_});
    bar->addSeparator();
    bar->addAction(compare_);
}

void MainWindow::updateActions() {
    const bool comparing = isComparing();
    const bool working = comparing || pages_->currentWidget() == work_;
    const bool readOnly = !comparing && runs_->isReadOnly();
    const bool active = comparing ? comparison_->controller()->isActive() : runs_->isActive() && !readOnly;
    const bool paused =
        comparing ? comparison_->controller()->isPaused() : active && runs_->phase() == RunPhase::Paused;
    startPause_->setEnabled(working && (!readOnly || canResumeWatched()));
    startPause_->setText(!working             ? tr("Start")
                         : paused || readOnly ? tr("Resume")
                         : active             ? tr("Pause")
                         : runs_->snapshot()  ? tr("Start again")
                                              : tr("Start"));
    startPause_->setIcon(icon(working && active && !paused ? Symbol::Pause : Symbol::Play));
    step_->setEnabled(working && active);
    stop_->setEnabled(working && active);
    restart_->setEnabled(comparing || (working && runs_->data() && !readOnly));
    newExperiment_->setEnabled(data_ && pages_->currentWidget() != load_);
    for (QAction* action : {fit_, freeze_}) action->setEnabled(working);
    for (QAction* action : {save_, copy_, saveAnimation_, saveReplay_}) action->setEnabled(working && !comparing);
    skipped_->setEnabled(data_ && !data_->skipped.empty());
    selection_->setView(comparing ? comparison_->currentView() : working ? work_->view() : nullptr);
    selection_->setRelabelling(working && !comparing);
    looks_->setViews(comparing ? comparison_->views()
                     : working ? std::vector<EmbeddingView*>{work_->view()}
                               : std::vector<EmbeddingView*>());
    markIn(comparing ? comparison_->currentView() : working ? work_->view() : nullptr);
    for (QAction* action : time_) action->setEnabled(working && !comparing);
    updateComparisonActions();
    updateKeptActions();
}

namespace {

QString miningText(const MiningReport& mining, std::int64_t step) {
    const QLocale locale;
    const auto percent = [&](double share) {
        return std::isnan(share) ? MainWindow::tr("not known yet") : locale.toString(100 * share, 'f', 1) + " %";
    };
    return MainWindow::tr(
               "Mining looks for hard negatives among %1 points.\nAge of their neighbour index: %2 steps\n"
               "Building it: %3 s, in the background\nRecall@10 of the index against brute force: %4\n"
               "Candidates left out as likely wrong labels: %5")
        .arg(locale.toString(static_cast<qulonglong>(mining.indexed)))
        .arg(locale.toString(static_cast<qlonglong>(step - mining.indexedAtStep)))
        .arg(locale.toString(mining.refreshSeconds, 'f', 2))
        .arg(percent(mining.recallAt10))
        .arg(percent(mining.guardedShare));
}

}  // namespace

void MainWindow::showStatus(const Snapshot& snapshot) {
    const QLocale locale;
    QString text = tr("%1   ·   epoch %2 of %3   ·   step %4")
                       .arg(phaseText(snapshot.phase))
                       .arg(locale.toString(snapshot.epoch, 'f', 1))
                       .arg(snapshot.epochs)
                       .arg(locale.toString(static_cast<qlonglong>(snapshot.step)));
    if (snapshot.history && !snapshot.history->empty()) {
        const MetricsRow& newest = snapshot.history->back();
        if (!std::isnan(newest.loss)) text += tr("   ·   loss %1").arg(locale.toString(newest.loss, 'f', 4));
        if (!std::isnan(newest.imagesPerSecond))
            speed_->setText(tr("%1 images/s").arg(locale.toString(newest.imagesPerSecond, 'f', 0)));
    }
    // A remark matters more than what stays as it is, for which there may be no room then.
    const bool remark = !snapshot.message.empty() && snapshot.phase != RunPhase::Failed;
    if (!snapshot.deviceName.empty() && !remark) text += "   ·   " + QString::fromStdString(snapshot.deviceName);
    if (snapshot.mining && !remark)
        text += tr("   ·   mining %1 points of step %2")
                    .arg(locale.toString(static_cast<qulonglong>(snapshot.mining->indexed)))
                    .arg(locale.toString(static_cast<qlonglong>(snapshot.mining->indexedAtStep)));
    QString tip;
    if (remark) {
        const QString sentence = QString::fromStdString(snapshot.message);
        text += "   ·   " + sentence;
        tip = "<p>" + sentence.toHtmlEscaped() + "</p>";
    }
    if (snapshot.mining)
        tip += "<p style='white-space:pre'>" + miningText(*snapshot.mining, snapshot.step).toHtmlEscaped() + "</p>";
    status_->showState(text, tip);
}

void MainWindow::showHealth() {
    const bool own = !runs_->isReadOnly();  // one that another program trains is judged there
    work_->showHealth(runs_->health(), own && runs_->isActive());
    const bool shown = pages_->currentWidget() == work_;
    if (!isComparing()) lights_->showHealth(shown ? runs_->health().get() : nullptr, shown && own && runs_->snapshot());
}

void MainWindow::chooseTheme(int choice) {
    saveTheme(static_cast<ThemeChoice>(choice));
    applyTheme(*qApp, static_cast<ThemeChoice>(choice));
}

}  // namespace embedscope
