#include "ui/compare/comparison_page.h"

#include "ui/charts/distance_panel.h"
#include "ui/charts/frame_limit.h"
#include "ui/compare/comparison_controller.h"
#include "ui/compare/comparison_pane.h"
#include "ui/compare/comparison_results.h"
#include "ui/compare/layout_history.h"
#include "ui/compare/link_bar.h"
#include "ui/compare/time_bar.h"
#include "ui/compare/view_links.h"
#include "ui/map_bar.h"
#include "ui/scatter/class_legend.h"
#include "ui/scatter/embedding_view.h"
#include "ui/view_bar.h"

#include <QEvent>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QScrollArea>
#include <QSplitter>
#include <QVBoxLayout>

#include <algorithm>

namespace embedscope {
namespace {

constexpr int kPicturesPerSecond = 15;
constexpr int kNumbersPerSecond = 3;

/// 2 = 1×2, 3 = 1×3, 4 = 2×2, 5 and 6 = 2×3.
int columnsOf(std::size_t panes) {
    if (panes <= 3) return static_cast<int>(std::max<std::size_t>(1, panes));
    return panes == 4 ? 2 : 3;
}

}  // namespace

ComparisonPage::ComparisonPage(RunFactory factory, QWidget* parent)
    : QWidget(parent),
      controller_(new ComparisonController(std::move(factory), this)),
      links_(new ViewLinks(this)),
      pictures_(std::make_unique<FrameLimit>(kPicturesPerSecond, [this] { showPictures(); })),
      numbers_(std::make_unique<FrameLimit>(kNumbersPerSecond, [this] { showResults(); })) {
    setObjectName("comparison_page");
    build();
    connectController();
    connectBars();
}

ComparisonPage::~ComparisonPage() = default;

void ComparisonPage::build() {
    results_ = new ComparisonResults;
    auto* halves = new QSplitter(Qt::Vertical);
    halves->setObjectName("comparison_halves");
    halves->setChildrenCollapsible(false);
    halves->addWidget(makeMiddle());
    halves->addWidget(results_);
    halves->setStretchFactor(0, 1);
    halves->setSizes({640, 210});
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(makeTop());
    column->addWidget(halves, 1);
}

QWidget* ComparisonPage::makeTop() {
    mapBar_ = new MapBar;
    mapBar_->setSpaceOffered(true);
    linkBar_ = new LinkBar(*links_);
    auto* top = new QWidget;
    auto* column = new QVBoxLayout(top);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    viewBar_ = new ViewBar;
    auto* bars = new QHBoxLayout;
    bars->setSpacing(0);
    bars->addWidget(mapBar_, 1);
    bars->addWidget(viewBar_);
    column->addLayout(bars);
    column->addWidget(linkBar_);
    return top;
}

QWidget* ComparisonPage::makeMiddle() {
    legend_ = new ClassLegend;
    auto* panes = new QWidget;
    grid_ = new QGridLayout(panes);
    grid_->setContentsMargins(4, 4, 4, 4);
    grid_->setSpacing(4);
    auto* columns = new QSplitter(Qt::Horizontal);
    columns->setObjectName("comparison_columns");
    columns->setChildrenCollapsible(false);
    columns->addWidget(legend_);
    auto* area = new QScrollArea;  // two rows of panes are higher than a small screen
    area->setObjectName("comparison_area");
    area->setFrameShape(QFrame::NoFrame);
    area->setWidgetResizable(true);
    area->setWidget(panes);
    columns->addWidget(area);
    columns->setStretchFactor(1, 1);
    columns->setSizes({190, 1200});
    time_ = new TimeBar;
    auto* middle = new QWidget;
    auto* column = new QVBoxLayout(middle);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(columns, 1);
    column->addWidget(time_);
    return middle;
}

void ComparisonPage::connectController() {
    connect(controller_, &ComparisonController::runsChanged, this, &ComparisonPage::adoptRuns);
    connect(controller_, &ComparisonController::snapshotArrived, this,
            [this](std::size_t run, const auto& snapshot) { takeSnapshot(run, *snapshot); });
    connect(controller_, &ComparisonController::healthChanged, this, [this](std::size_t run) {
        const RunController* own = run < panes_.size() ? controller_->run(run) : nullptr;
        if (own) panes_[run].widget->showHealth(own->health(), own->isActive());
    });
    connect(controller_, &ComparisonController::layoutArrived, this, &ComparisonPage::takeLayout);
    connect(controller_, &ComparisonController::failed, this, &ComparisonPage::failed);
}

void ComparisonPage::connectBars() {
    connect(mapBar_, &MapBar::methodChanged, controller_, &ComparisonController::setMapMethod);
    connect(mapBar_, &MapBar::dimensionsChanged, controller_, &ComparisonController::setMapDimensions);
    connect(mapBar_, &MapBar::startOverRequested, controller_, &ComparisonController::startMapOver);
    connect(mapBar_, &MapBar::settleRequested, controller_, &ComparisonController::settleMap);
    connect(mapBar_, &MapBar::trustToggled, this, [this](bool shown) {
        for (const Pane& pane : panes_) pane.widget->view()->setTrustShown(shown);
    });
    connect(linkBar_, &LinkBar::distancesToggled, this, [this](bool shown) {
        for (const Pane& pane : panes_) pane.widget->setDistancesShown(shown);
        showDistances();
    });
    connect(linkBar_, &LinkBar::lockStepToggled, this,
            [this](bool lockStep) { controller_->setPace(lockStep ? Pace::LockStep : Pace::Free); });
    connect(linkBar_, &LinkBar::arrowsChanged, this, &ComparisonPage::showArrows);
    connect(links_, &ViewLinks::linkChanged, this, [this](Link link) {
        if (link == Link::Axes) showPictures();
        if (link == Link::Colour) setCurrent(current_);
    });
    connect(legend_, &ClassLegend::classToggled, this, [this](int label, bool visible) {
        for (std::size_t i = 0; i < panes_.size(); ++i)
            if (links_->isLinked(Link::Colour) || i == current_) view(i)->setClassVisible(label, visible);
    });
    connect(legend_, &ClassLegend::splitToggled, this, [this](Split split, bool visible) {
        for (std::size_t i = 0; i < panes_.size(); ++i)
            if (links_->isLinked(Link::Colour) || i == current_) view(i)->setSplitVisible(split, visible);
    });
    connect(time_, &TimeBar::momentChanged, this, [this] {
        pictures_->request();
        results_->setCursor(time_->moment());
    });
    connect(time_, &TimeBar::axisChanged, this, [this] {
        showTime();
        showResults();
    });
    connect(results_->tree(), &ForkTree::clicked, this, &ComparisonPage::setCurrent);
    connect(results_, &ComparisonResults::momentClicked, time_, &TimeBar::setMoment);
    connect(results_, &ComparisonResults::tabChanged, this, &ComparisonPage::showResults);
    connect(results_, &ComparisonResults::recallGoalChanged, this, [this](double goal) {
        controller_->setRecallGoal(goal);
        numbers_->request();
    });
}

ComparisonPage::Pane ComparisonPage::makePane() {
    Pane pane;
    pane.widget = new ComparisonPane;
    pane.widget->setDistancesShown(linkBar_->areDistancesShown());
    pane.history = std::make_unique<LayoutHistory>();
    connectPane(pane.widget);
    return pane;
}

void ComparisonPage::connectPane(ComparisonPane* pane) {
    connect(pane, &ComparisonPane::activated, this, [this, pane] { setCurrent(indexOf(pane)); });
    connect(pane, &ComparisonPane::pauseToggled, this,
            [this, pane](bool paused) { controller_->setPaused(indexOf(pane), paused); });
    connect(pane, &ComparisonPane::cureRequested, this,
            [this, pane](const Cure& cure) { controller_->run(indexOf(pane))->apply(cure); });
    connect(pane, &ComparisonPane::forkRequested, this, [this, pane] { fork(indexOf(pane)); });
    connect(pane, &ComparisonPane::duplicateRequested, this, [this, pane] { duplicate(indexOf(pane)); });
    connect(pane, &ComparisonPane::editRequested, this, [this, pane] { edit(indexOf(pane)); });
    connect(pane, &ComparisonPane::removeRequested, this, [this, pane] {
        const std::size_t run = indexOf(pane);
        if (!controller_->canRemove(run)) return;
        panes_[run].widget->deleteLater();
        panes_.erase(panes_.begin() + static_cast<std::ptrdiff_t>(run));
        controller_->remove(run);
    });
}

std::size_t ComparisonPage::indexOf(const ComparisonPane* pane) const {
    return static_cast<std::size_t>(std::ranges::find(panes_, pane, &Pane::widget) - panes_.begin());
}

EmbeddingView* ComparisonPage::view(std::size_t index) const {
    return panes_[index].widget->view();
}

bool ComparisonPage::begin(Comparison comparison, std::shared_ptr<const DataSet> images) {
    const bool started = controller_->start(std::move(comparison), std::move(images));
    if (controller_->size() > 0) legend_->setDataSet(controller_->run(0)->data());
    return started;
}

const Experiment& ComparisonPage::experiment() const {
    return controller_->comparison().runs[current_].experiment;
}

std::vector<EmbeddingView*> ComparisonPage::views() const {
    std::vector<EmbeddingView*> views;
    for (const Pane& pane : panes_) views.push_back(pane.widget->view());
    return views;
}

void ComparisonPage::fitAll() {
    for (const Pane& pane : panes_) pane.widget->view()->fitAll();
}

/// The panes follow the runs; a run that starts anew gets an empty picture when its first snapshot comes.
void ComparisonPage::adoptRuns() {
    while (panes_.size() > controller_->size()) {
        delete panes_.back().widget;
        panes_.pop_back();
    }
    while (panes_.size() < controller_->size()) panes_.push_back(makePane());
    for (std::size_t run = 0; run < panes_.size(); ++run)
        if (!panes_[run].data) {  // before its first snapshot it can be told of selections already
            panes_[run].data = controller_->dataOf(run);
            view(run)->setDataSet(panes_[run].data);
        }
    arrange();
    links_->setViews(views());
    frame_.clear();
    linkBar_->setLockStep(controller_->comparison().pace == Pace::LockStep);
    setCurrent(std::min(current_, panes_.size() - 1));
    showHeads();
    numbers_->request();
}

void ComparisonPage::arrange() {
    for (const Pane& pane : panes_) grid_->removeWidget(pane.widget);
    const int columns = columnsOf(panes_.size());
    for (int i = 0; i < static_cast<int>(panes_.size()); ++i) {
        grid_->addWidget(panes_[static_cast<std::size_t>(i)].widget, i / columns, i % columns);
        panes_[static_cast<std::size_t>(i)].widget->show();
    }
    for (int column = 0; column < grid_->columnCount(); ++column) grid_->setColumnStretch(column, column < columns);
    for (int row = 0; row < grid_->rowCount(); ++row)
        grid_->setRowStretch(row, row * columns < static_cast<int>(panes_.size()));
}

void ComparisonPage::setCurrent(std::size_t pane) {
    current_ = pane;
    for (std::size_t i = 0; i < panes_.size(); ++i)
        panes_[i].widget->setCurrent(i == current_ && !links_->isLinked(Link::Colour));
    results_->tree()->setCurrent(current_);
    Q_EMIT currentChanged();
}

void ComparisonPage::takeSnapshot(std::size_t run, const Snapshot& snapshot) {
    Pane& pane = panes_[run];
    const std::shared_ptr<const DataSet> images = controller_->run(run)->data();
    if (pane.runId != snapshot.runId || pane.data != images) {  // started anew
        pane.runId = snapshot.runId;
        pane.data = images;
        pane.newest.reset();
        const std::optional<Fork>& from = controller_->comparison().runs[run].fork;
        if (from)
            pane.history->continueFrom(*panes_[from->parent].history, from->step);
        else
            pane.history->clear();
        pane.widget->view()->setDataSet(images);
        pane.widget->distances()->clear();
        shareState(run);
    }
    pane.widget->showProgress(snapshot);
    pictures_->request();
    numbers_->request();
}

/// A new picture shows and selects what the others do.
void ComparisonPage::shareState(std::size_t pane) {
    const std::size_t other = pane == 0 ? 1 : 0;
    if (other >= panes_.size() || !panes_[other].data) return;
    const EmbeddingView* from = view(other);
    if (links_->isLinked(Link::Colour))
        for (int label = kUnlabelled; label < static_cast<int>(panes_[pane].data->classNames.size()); ++label)
            view(pane)->setClassVisible(label, from->isClassVisible(label));
    if (links_->isLinked(Link::Selection)) view(pane)->setSelection(from->selection());
    if (links_->isLinked(Link::Camera)) view(pane)->setTurn(from->turn());
}

void ComparisonPage::takeLayout(std::size_t run, std::shared_ptr<const Layout> layout) {
    Pane& pane = panes_[run];
    const std::shared_ptr<const Snapshot> snapshot = controller_->run(run)->snapshot();
    if (!snapshot || pane.runId != layout->runId) return;
    pane.history->add(*layout, *snapshot);
    pane.newest = std::move(layout);
    pictures_->request();
}

void ComparisonPage::changeEvent(QEvent* event) {
    if (event->type() == QEvent::PaletteChange && !panes_.empty()) {
        showHeads();
        showResults();
    }
    QWidget::changeEvent(event);
}

}  // namespace embedscope
