#include "ui/work_view.h"

#include "engine/layout_places.h"
#include "engine/neighbors.h"
#include "ui/agreement_follower.h"
#include "ui/charts/distance_panel.h"
#include "ui/charts/measures_panel.h"
#include "ui/charts/training_curves.h"
#include "ui/health_panel.h"
#include "ui/inspector/class_matrix.h"
#include "ui/inspector/gallery_panel.h"
#include "ui/inspector/newest_task.h"
#include "ui/inspector/pair_lab.h"
#include "ui/inspector/sample_panel.h"
#include "ui/inspector/thumbnail_grid.h"
#include "ui/inspector/watch_panel.h"
#include "ui/live_controls.h"
#include "ui/map_bar.h"
#include "ui/mark_book.h"
#include "ui/marks_panel.h"
#include "ui/picture_query.h"
#include "ui/plural.h"
#include "ui/preferences.h"
#include "ui/replay_saver.h"
#include "ui/sample_losses.h"
#include "ui/scatter/class_legend.h"
#include "ui/scatter/embedding_view.h"
#include "ui/tab_grid.h"
#include "ui/timeline.h"
#include "ui/view_bar.h"

#include <QSplitter>
#include <QVBoxLayout>

#include <algorithm>
#include <exception>

namespace embedscope {
namespace {

constexpr int kHoveredNeighbors = 8;

QString settingOf(const QSplitter& splitter) {
    return "splitter/" + splitter.objectName();
}

}  // namespace

WorkView::WorkView(QWidget* parent) : QWidget(parent) {
    setObjectName("work_view");
    auto* columns = new QSplitter(Qt::Horizontal);
    columns->setObjectName("columns");
    columns->setChildrenCollapsible(false);
    columns->addWidget(makeLeft());
    columns->addWidget(makeCentre());
    columns->addWidget(makeRight());
    columns->setStretchFactor(1, 1);
    columns->setSizes({250, 800, 400});
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(columns);
    connectSelection();
    connectGallery();
    connectTime();
    connectColors();
    connectMap();
    connectDistances();
    connectLosses();
    query_ = new PictureQuery(this);
    connect(query_, &PictureQuery::answered, this, [this](const auto& answer) { showAnswer(*answer); });
    connectWatched();
    for (QSplitter* splitter : findChildren<QSplitter*>())
        splitter->restoreState(preference(settingOf(*splitter)).toByteArray());
}

WorkView::~WorkView() = default;

void WorkView::rememberSizes() const {
    for (const QSplitter* splitter : findChildren<QSplitter*>())
        setPreference(settingOf(*splitter), splitter->saveState());
}

QWidget* WorkView::makeLeft() {
    legend_ = new ClassLegend;
    sample_ = new SamplePanel;
    sample_->setContentsMargins(8, 8, 8, 8);
    auto* left = new QSplitter(Qt::Vertical);
    left->setObjectName("left");
    left->setChildrenCollapsible(false);
    left->addWidget(legend_);
    left->addWidget(sample_);
    left->setStretchFactor(1, 1);
    left->setSizes({320, 460});
    return left;
}

QWidget* WorkView::makeCentre() {
    view_ = new EmbeddingView;
    view_->setObjectName("embedding_view");
    controls_ = new LiveControls;
    mapBar_ = new MapBar;
    mapBar_->setSpaceOffered(true);
    viewBar_ = new ViewBar;
    timeline_ = new Timeline;
    view_->setPictureMode(PictureMode::UpClose);
    auto* centre = new QWidget;
    auto* layout = new QVBoxLayout(centre);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(mapBar_);
    layout->addWidget(viewBar_);
    layout->addWidget(view_, 1);
    layout->addWidget(timeline_);
    layout->addWidget(controls_);
    return centre;
}

QWidget* WorkView::makeRight() {
    distances_ = new DistancePanel;
    curves_ = new TrainingCurves;
    measures_ = new MeasuresPanel;
    connect(measures_, &MeasuresPanel::measureRequested, this, &WorkView::measureRequested);
    health_ = new HealthPanel;
    connect(health_, &HealthPanel::cureRequested, this, [this](const Cure& cure) {
        cured_ = snapshot_;
        Q_EMIT cureRequested(cure);
    });
    connect(health_, &HealthPanel::samplesRequested, view_, &EmbeddingView::setSelection);
    gallery_ = new GalleryPanel;
    course_ = new TabGrid;
    course_->setObjectName("course");
    course_->setDocumentMode(true);
    course_->addTab(curves_, tr("Curves"));
    course_->addTab(measures_, tr("Measures"));
    classes_ = new ClassMatrix;
    connect(classes_, &ClassMatrix::samplesRequested, view_, &EmbeddingView::setSelection);
    course_->addTab(classes_, tr("Classes"));
    pairs_ = new PairLab;
    course_->addTab(pairs_, tr("Pairs"));
    watch_ = new WatchPanel;
    course_->addTab(watch_, tr("Pinned"));
    course_->addTab(health_, tr("Health"));
    course_->addTab(gallery_, tr("Gallery"));
    course_->keepRoomFor(course_->indexOf(health_), tr("Health (%1)").arg(999));
    course_->keepRoomFor(course_->indexOf(gallery_), tr("Gallery (%1)").arg("100k"));
    auto* right = new QSplitter(Qt::Vertical);
    right->setObjectName("right");
    right->setChildrenCollapsible(false);
    right->addWidget(distances_);
    auto* lower = new QWidget;
    auto* column = new QVBoxLayout(lower);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(course_->buttons());
    column->addWidget(course_, 1);
    right->addWidget(lower);
    right->setStretchFactor(1, 1);
    right->setSizes({260, 520});
    return right;
}

void WorkView::connectSelection() {
    connect(view_, &EmbeddingView::sampleClicked, this, &WorkView::selectSample);
    connect(sample_, &SamplePanel::sampleActivated, this, &WorkView::selectSample);
    connect(sample_, &SamplePanel::neighborsFound, view_, &EmbeddingView::setHighlightedNeighbors);
    connect(legend_, &ClassLegend::classToggled, view_, &EmbeddingView::setClassVisible);
    connect(legend_, &ClassLegend::splitToggled, view_, &EmbeddingView::setSplitVisible);
}

void WorkView::connectGallery() {
    ThumbnailGrid* grid = gallery_->grid();
    connect(view_, &EmbeddingView::selectionChanged, this, [this] {
        gallery_->setSamples(view_->selection());
        const std::size_t picked = view_->selection().size();
        course_->setTabText(course_->indexOf(gallery_),
                            picked == 0 ? tr("Gallery") : tr("Gallery (%1)").arg(briefCount(picked)));
    });
    connect(view_, &EmbeddingView::sampleHovered, grid, &ThumbnailGrid::setRingedSample);
    connect(grid, &ThumbnailGrid::sampleHovered, view_, &EmbeddingView::setRingedSample);
    connect(grid, &ThumbnailGrid::sampleActivated, this, &WorkView::selectSample);
}

void WorkView::showGallery() {
    course_->setCurrentWidget(gallery_);
}

void WorkView::connectColors() {
    agreement_ = new AgreementFollower(this);
    connect(agreement_, &AgreementFollower::found, view_, &EmbeddingView::setAgreement);
    connect(view_, &EmbeddingView::colorByChanged, this,
            [this](ColorBy by) { agreement_->setFollowing(by == ColorBy::Agreement || by == ColorBy::Hardness); });
    columnsTask_ = std::make_unique<NewestTask<ReadColumns>>([this](const ReadColumns& read) {
        if (read.data != dataSet_) return;
        view_->setColumns(read.columns);
        if (!read.problem.isEmpty()) Q_EMIT failed(read.problem);
    });
}

void WorkView::measureMovementFromHere() {
    if (timeline_->layoutsSoFar().empty()) return;
    movedFrom_ = timeline_->layoutsSoFar().back();
    view_->setMovedFrom(movedFrom_);
    view_->setColorBy(ColorBy::Movement);
}

void WorkView::connectMap() {
    connect(mapBar_, &MapBar::trustToggled, view_, &EmbeddingView::setTrustShown);
    connect(view_, &EmbeddingView::sampleHovered, this, &WorkView::showHoveredNeighbors);
    proxyTask_ = std::make_unique<NewestTask<PlacedProxies>>([this](const PlacedProxies& placed) {
        // Another run or loss has others, or none.
        if (proxies_ && placed.proxies->labels == proxies_->labels && timeline_->isLive())
            view_->showProxies(placed.places, placed.proxies->labels);
    });
    hoverTask_ = std::make_unique<NewestTask<HoveredNeighbors>>([this](const HoveredNeighbors& found) {
        if (found.sample == hovered_) view_->setHoveredNeighbors(found.neighbors);
    });
}

void WorkView::connectWatched() {
    connect(view_, &EmbeddingView::pinRequested, watch_, &WatchPanel::toggle);
    connect(sample_, &SamplePanel::pinRequested, watch_, &WatchPanel::toggle);
    connect(sample_, &SamplePanel::pathToggled, this, &WorkView::showTrails);
    connect(watch_, &WatchPanel::pinsChanged, this, [this](const std::vector<int>& samples) {
        view_->setWatchedSamples(samples);
        sample_->setPinned(samples);
        if (samples.size() == 2) course_->setCurrentWidget(watch_);
    });
}

/// Lines to the true neighbours: where they run across the map, the map lies.
void WorkView::showHoveredNeighbors(int sample) {
    hovered_ = sample;
    view_->setHoveredNeighbors({});
    const std::shared_ptr<const Layout> layout = view_->shownLayout();
    if (sample < 0 || !layout || !layout->bank) return;
    hoverTask_->start([sample, layout] {
        HoveredNeighbors found{sample, {}};
        const auto place = std::ranges::find(*layout->samples, sample);
        if (place == layout->samples->end()) return found;
        const auto row = static_cast<std::size_t>(place - layout->samples->begin());
        for (const Neighbor& neighbor : nearestNeighbors(*layout->bank, row, kHoveredNeighbors))
            found.neighbors.push_back((*layout->samples)[static_cast<std::size_t>(neighbor.row)]);
        return found;
    });
}

void WorkView::begin(const Experiment& experiment, std::shared_ptr<const DataSet> dataSet) {
    dataSet_ = dataSet;
    cured_.reset();
    bank_.reset();
    proxies_.reset();
    snapshot_.reset();
    newest_.reset();
    movedFrom_.reset();
    selected_ = -1;
    query_->clear();
    timeline_->clear();
    changes_.clear();
    alarms_.reset();
    agreement_->setDataSet(dataSet);
    losses_->clear(dataSet->size());
    view_->setDataSet(dataSet);
    Q_EMIT lossesRequested({});
    if (book_) view_->setMarkStep(book_->place());
    legend_->setDataSet(dataSet);
    sample_->setDataSet(dataSet);
    watch_->setDataSet(dataSet);
    gallery_->setDataSet(dataSet);
    classes_->setDataSet(dataSet);
    pairs_->setDataSet(dataSet);
    distances_->clear();
    events_.clear();
    curves_->clear();
    measures_->clear();
    controls_->begin(experiment, dataSet);
    showHealth(nullptr, true);
    columnsTask_->start([place = experiment.data.folder, data = dataSet] {
        ReadColumns read{data, nullptr, {}};
        try {
            read.columns = manifestColumns(place, *data);
        } catch (const std::exception& problem) {
            read.problem = QString::fromUtf8(problem.what());
        }
        return read;
    });
}

void WorkView::showHealth(std::shared_ptr<const HealthState> health, bool live) {
    alarms_ = health;
    health_->showHealth(std::move(health), live);
    showEvents();
    const int raised = health_->raised();
    course_->setTabText(course_->indexOf(health_), raised > 0 ? tr("Health (%1)").arg(raised) : tr("Health"));
}

void WorkView::showAlarms() {
    course_->setCurrentWidget(health_);
}

void WorkView::showSnapshot(std::shared_ptr<const Snapshot> snapshot) {
    snapshot_ = snapshot;
    if (changes_.follow(*snapshot)) showEvents();
    distances_->showSnapshot(*snapshot);
    offerMargin();
    curves_->showSnapshot(*snapshot);
    proxies_ = snapshot->proxies;
    measures_->showSnapshot(*snapshot);
    // What a cure has changed, the controls must show; they are not asked to follow what they change themselves.
    if (cured_ && cured_->settings != snapshot->settings) {
        cured_.reset();
        controls_->begin(snapshot->settings, dataSet_);
    }
    controls_->showSettings(snapshot->settings);
    controls_->setRunning(!snapshot->ended() && !readOnly_);
    pairs_->showSnapshot(snapshot);
    if (snapshot->bank == bank_) return;
    bank_ = snapshot->bank;
    watch_->showBank(bank_);
    classes_->showBank(bank_);
    if (marks_) marks_->showBank(bank_);
    measureSplits();
    if (selected_ >= 0) sample_->showSample(selected_, bank_);
}

void WorkView::showLayout(std::shared_ptr<const Layout> layout) {
    mapBar_->showLayout(*layout);
    newest_ = std::move(layout);
    if (snapshot_) timeline_->add(*newest_, *snapshot_);
    agreement_->follow(newest_->bank);
    const bool sameMap = movedFrom_ && isSameMap(*movedFrom_, *newest_);
    if (!sameMap && snapshot_ && timeline_->isLive()) {  // another map: movement in it begins here
        movedFrom_ = timeline_->layoutsSoFar().back();
        view_->setMovedFrom(movedFrom_);
    }
    if (!timeline_->isLive() || replay_->isSaving()) return;
    showLive();
    if (timeline_->showsTrails() || sample_->showsPath()) showTrails();
}

void WorkView::showLive() {
    if (!newest_) return;
    if (proxies_)
        // Hundreds of proxies among 10,000 points take too long for this thread.
        proxyTask_->start([proxies = proxies_, layout = newest_] {
            const Places places = placesIn(*layout, proxies->rows);
            return PlacedProxies{proxies, placesOf(places.coordinates, places.depths)};
        });
    else
        view_->showProxies({}, {});  // another loss may have none
    if (query_->isAsked() && querySource) query_->follow(querySource(), newest_);
    view_->showLayout(newest_);
    sample_->showMap(newest_, std::nullopt);
}

void WorkView::selectSample(int sample) {
    selected_ = sample;
    query_->clear();
    view_->setQuery(std::nullopt);
    view_->setSelectedSample(sample);
    gallery_->grid()->setCurrentSample(sample);
    showTrails();
    showLosses();
    if (sample >= 0) {
        sample_->showSample(sample, bank_);
    } else {
        view_->setHighlightedNeighbors({});
        sample_->clear();
    }
}

void WorkView::askPicture(const std::filesystem::path& file) {
    if (!querySource || !view_->shownLayout())
        return Q_EMIT pictureRefused(tr("Start a run or open one first: a picture is placed among its points."));
    selectSample(-1);
    query_->ask(file, querySource(), view_->shownLayout());
}

void WorkView::showAnswer(const QueryAnswer& answer) {
    if (!answer.problem.isEmpty()) {
        query_->clear();
        return Q_EMIT pictureRefused(answer.problem);
    }
    view_->setQuery(QueryMark{answer.place, answer.picture, answer.neighbors});
    const QString about = QString::fromStdU16String(answer.file.filename().u16string()).toHtmlEscaped() +
                          tr("<br>embedded with the weights of step %1").arg(answer.step);
    sample_->showPictureOfOwn(answer.picture, about, answer.neighbors, answer.distances);
}

}  // namespace embedscope
