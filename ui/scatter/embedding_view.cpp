#include "ui/scatter/embedding_view.h"

#include "ui/scatter/frame_pace.h"
#include "ui/scatter/gl_surface.h"
#include "ui/scatter/hover_card.h"
#include "ui/scatter/raster_surface.h"

#include <QLabel>
#include <QToolButton>

#include <algorithm>
#include <utility>

namespace embedscope {
namespace {

constexpr double kGlideMilliseconds = 150;
constexpr double kUserMoves = 400;  // milliseconds after the last move of the user in which frames come at full pace

bool wantsOpenGl() {
    const QByteArray asked = qgetenv("EMBEDSCOPE_RENDERER");
    if (asked == "opengl") return openGlKind() != OpenGlKind::None;
    return asked != "raster" && openGlKind() == OpenGlKind::Hardware;
}

}  // namespace

EmbeddingView::EmbeddingView(QWidget* parent)
    : QWidget(parent),
      card_(new HoverCard(this)),
      selectionNote_(new QLabel(this)),
      followButton_(new QToolButton(this)) {
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    setMinimumSize(240, 200);
    followButton_->setObjectName("follow_points");
    followButton_->setText(tr("Follow points"));
    followButton_->setToolTip(tr("The view stays where you moved it. Click or press F to follow the points again."));
    followButton_->setFocusPolicy(Qt::NoFocus);
    followButton_->hide();
    selectionNote_->setObjectName("selection_note");
    selectionNote_->setFrameShape(QFrame::StyledPanel);
    selectionNote_->setProperty("card", true);
    selectionNote_->setContentsMargins(8, 4, 8, 4);
    selectionNote_->move(12, 12);
    selectionNote_->setAttribute(Qt::WA_TransparentForMouseEvents);
    selectionNote_->hide();
    connect(followButton_, &QToolButton::clicked, this, &EmbeddingView::fitAll);
    frames_.setTimerType(Qt::PreciseTimer);
    connect(&frames_, &QTimer::timeout, this, &EmbeddingView::advance);
    rest_.setSingleShot(true);
    connect(&rest_, &QTimer::timeout, this, &EmbeddingView::drawAll);
    connect(&pictures_.store(), &ThumbnailStore::arrived, this, &EmbeddingView::refresh);
    makeSurface(wantsOpenGl());
}

EmbeddingView::~EmbeddingView() = default;

SurfaceSource EmbeddingView::surfaceSource() {
    return {[this]() -> const DrawnPoints& { return points_; },
            [this]() -> const PointDepths& { return depths_; },
            [this] { return drawn(); },
            [this] { return frame(); },
            [this](QPainter& painter) { paintGround(painter); },
            [this](QPainter& painter) { paintOverlay(painter); }};
}

void EmbeddingView::makeSurface(bool openGl) {
    if (openGl) {
        auto surface = std::make_unique<GlSurface>(surfaceSource(), this);
        connect(surface.get(), &GlSurface::ready, this, [this] { Q_EMIT rendererChanged(rendererName()); });
        // Queued: the surface must not be destroyed while it paints.
        connect(
            surface.get(), &GlSurface::failed, this, [this] { makeSurface(false); }, Qt::QueuedConnection);
        surface_ = std::move(surface);
    } else {
        surface_ = std::make_unique<RasterSurface>(surfaceSource(), this);
    }
    QWidget* widget = surface_->widget();
    widget->setAttribute(Qt::WA_TransparentForMouseEvents);
    widget->setGeometry(rect());
    widget->show();
    selectionNote_->raise();
    followButton_->raise();
    card_->raise();
    Q_EMIT rendererChanged(rendererName());
}

QString EmbeddingView::rendererName() const {
    return surface_->name();
}

void EmbeddingView::setDataSet(std::shared_ptr<const DataSet> dataSet) {
    data_ = std::move(dataSet);
    pictures_.store().setSource(data_);  // those of before go at once
    layout_.reset();
    held_.reset();
    points_.clear();
    leaveSpace();
    proxies_.clear();
    query_.reset();
    centres_.clear();
    gridStale_ = true;
    rowOfSample_.clear();
    hiddenClasses_.clear();
    hiddenSplits_.clear();
    neighbors_.clear();
    setWatchedSamples({});
    picked_.markStep = 0;  // marks are not taken back with the images
    applyPicked({});
    history_.clear();
    lasso_.end();
    brush_.end();
    selected_ = -1;
    setFollows(true);
    turn_ = kCorner;
    frames_.stop();
    setHovered(std::nullopt, {});
    ringed_ = -1;
    setArrowsFrom(nullptr);
    colorSources_ = {};
    colorKey_ = {};
    if (colorBy_ == ColorBy::Column) colorBy_ = ColorBy::Class;
    Q_EMIT columnsChanged();
    surface_->invalidatePoints();
    Q_EMIT dataSetChanged();
}

void EmbeddingView::showLayout(std::shared_ptr<const Layout> layout) {
    if (!data_ || !layout) return;
    if (isDrawing() && layout_ && layout_->samples == layout->samples) {
        held_ = std::move(layout);
        return;
    }
    held_.reset();
    const bool first = !layout_ || layout_->samples != layout->samples;
    const bool wasInSpace = isInSpace();
    const ScatterFrame now = frame();
    if (now.glide >= 1 && !wasInSpace) leaveSpace();
    DrawnPoints points = pointsOf(*layout, *data_);
    PointDepths depths = depthsOf(*layout);
    colorKey_ = colorPoints(points, *layout, *data_, colorBy_, colorSources_);
    if (trustShown_) paleByTrust(points, *layout, palette().color(QPalette::Base).rgb());
    if (first) {
        rowOfSample_ = rowsOfSamples(*layout, data_->size());
        setHovered(std::nullopt, {});
    } else {
        if (depths.empty() && !depths_.empty()) depths.resize(points.size());  // back into the plane
        beginAt(points, depths, now.glide);
    }
    points_ = std::move(points);
    depths_ = std::move(depths);
    layout_ = std::move(layout);
    orbitBefore_ = now.orbit;
    measureExtent();
    if (first) orbitBefore_ = orbit_;
    applyVisibility();
    const bool otherSpace = wasInSpace != isInSpace();
    if (first ? follows_ : otherSpace && !follows_) fitAll();
    startGlide();
    if (otherSpace) Q_EMIT spaceChanged();
}

/// The glide goes on from where the points are drawn now.
void EmbeddingView::beginAt(DrawnPoints& points, PointDepths& depths, float glide) const {
    for (std::size_t i = 0; i < points.size(); ++i) {
        const MapPlace now = placeNow(i, glide);
        points[i].fromX = now.x;
        points[i].fromY = now.y;
        if (!depths.empty()) depths[i].from = now.z;
    }
}

void EmbeddingView::startGlide() {
    glideClock_.start();
    startFrames();
}

void EmbeddingView::startFrames() {
    if (frames_.isActive()) return;
    frameClock_.start();
    frames_.start(kFullPace);
}

void EmbeddingView::advance() {
    if (follows_)
        camera_ = follow_.next(camera_, sharedExtent_.value_or(extent_), static_cast<double>(frameClock_.restart()));
    surface_->widget()->update();
    const bool glides = glideClock_.isValid() && glideClock_.elapsed() < kGlideMilliseconds;
    if (!glides && !(follows_ && follow_.moves())) {
        arrive();
        return;
    }
    const bool userMoves = userClock_.isValid() && userClock_.elapsed() < kUserMoves;
    frames_.setInterval(userMoves ? kFullPace : glidePace(surface_->paintMilliseconds()));
}

/// Idle costs nothing; but the points under a cursor at rest are others now.
void EmbeddingView::arrive() {
    frames_.stop();
    if (!isInSpace()) leaveSpace();
    if (!dragging_ && underMouse()) hover(mapFromGlobal(QCursor::pos()));
}

void EmbeddingView::arriveAtOnce() {
    glideClock_.invalidate();
    if (follows_) fitAll();
    arrive();
}

ScatterFrame EmbeddingView::frame() const {
    ScatterFrame frame;
    frame.camera = camera_;
    const double share = glideClock_.isValid() ? static_cast<double>(glideClock_.elapsed()) / kGlideMilliseconds : 1;
    const double t = std::clamp(share, 0.0, 1.0);
    frame.glide = static_cast<float>(1 - (1 - t) * (1 - t));  // slows down as it arrives
    frame.orbit = depths_.empty() ? Orbit() : mixed(orbitBefore_, orbit_, frame.glide);
    frame.ground = palette().color(QPalette::Base).rgb();
    frame.dims = greysRest_ && !picked_.selected.empty();
    setDensity(frame, points_.size());
    return frame;
}

void EmbeddingView::setSelectedSample(int sample) {
    selected_ = sample;
    if (sample < 0) neighbors_.clear();
    surface_->widget()->update();
}

void EmbeddingView::setHighlightedNeighbors(std::vector<int> samples) {
    neighbors_ = std::move(samples);
    surface_->widget()->update();
}

void EmbeddingView::setHoveredNeighbors(std::vector<int> samples) {
    hoveredNeighbors_ = std::move(samples);
    surface_->widget()->update();
}

void EmbeddingView::setTrustShown(bool shown) {
    trustShown_ = shown;
    recolor();
}

/// The points stay where they are, and glide on if they do.
void EmbeddingView::recolor() {
    if (!layout_) return;
    DrawnPoints colored = pointsOf(*layout_, *data_);
    colorKey_ = colorPoints(colored, *layout_, *data_, colorBy_, colorSources_);
    if (trustShown_) paleByTrust(colored, *layout_, palette().color(QPalette::Base).rgb());
    for (std::size_t i = 0; i < points_.size(); ++i) {
        colored[i].fromX = points_[i].fromX;
        colored[i].fromY = points_[i].fromY;
    }
    points_ = std::move(colored);
    applyVisibility();
}

void EmbeddingView::setColorBy(ColorBy by) {
    if (by == colorBy_) return;
    colorBy_ = by;
    recolor();
    Q_EMIT colorByChanged(by);
}

void EmbeddingView::setAgreement(std::shared_ptr<const std::vector<float>> agreement,
                                 std::shared_ptr<const std::vector<float>> hardness) {
    colorSources_.agreement = std::move(agreement);
    colorSources_.hardness = std::move(hardness);
    if (colorBy_ == ColorBy::Agreement || colorBy_ == ColorBy::Hardness) recolor();
}

void EmbeddingView::setLosses(std::shared_ptr<const std::vector<float>> losses, std::int64_t step) {
    colorSources_.loss = std::move(losses);
    colorSources_.lossStep = step;
    if (colorBy_ == ColorBy::Loss) recolor();
}

void EmbeddingView::setColumns(std::shared_ptr<const SampleColumns> columns) {
    colorSources_.columns = std::move(columns);
    colorSources_.column = 0;
    if (colorBy_ == ColorBy::Column) setColorBy(ColorBy::Class);
    Q_EMIT columnsChanged();
}

void EmbeddingView::setColorByColumn(std::size_t column) {
    colorSources_.column = column;
    colorBy_ = ColorBy::Column;
    recolor();
    Q_EMIT colorByChanged(colorBy_);
}

void EmbeddingView::setRelabelled(std::vector<int> samples) {
    colorSources_.relabelled = std::move(samples);
    if (colorBy_ == ColorBy::Labelled) recolor();
}

void EmbeddingView::setMovedFrom(std::shared_ptr<const Layout> origin) {
    colorSources_.movedFrom = std::move(origin);
    if (colorBy_ == ColorBy::Movement) recolor();
}

void EmbeddingView::setPictureMode(PictureMode mode) {
    pictures_.setMode(mode);
    refresh();
}

void EmbeddingView::setClassVisible(int label, bool visible) {
    visible ? (void)hiddenClasses_.erase(label) : (void)hiddenClasses_.insert(label);
    applyVisibility();
}

void EmbeddingView::setSplitVisible(Split split, bool visible) {
    visible ? (void)hiddenSplits_.erase(split) : (void)hiddenSplits_.insert(split);
    applyVisibility();
}

void EmbeddingView::setClassNamesVisible(bool visible) {
    classNames_ = visible;
    surface_->widget()->update();
}

void EmbeddingView::setClassOutline(ClassOutline outline) {
    outline_ = outline;
    shapesStale_ = true;
    refresh();
}

void EmbeddingView::setContoursVisible(bool visible) {
    contoursVisible_ = visible;
    shapesStale_ = true;
    refresh();
}

/// [samples of the data set] kHiddenStyle, kDimmedStyle or neither, from what the user picked.
std::vector<std::uint8_t> EmbeddingView::stylesOfSamples() const {
    const bool dims = greysRest_ && !picked_.selected.empty();
    std::vector<std::uint8_t> styles(data_->size(), dims ? kDimmedStyle : std::uint8_t{0});
    for (const int sample : picked_.selected) styles[static_cast<std::size_t>(sample)] = 0;
    for (const int sample : picked_.hidden) styles[static_cast<std::size_t>(sample)] |= kHiddenStyle;
    return styles;
}

void EmbeddingView::applyVisibility() {
    if (!layout_) return;
    const std::vector<std::uint8_t> styles = stylesOfSamples();
    for (std::size_t i = 0; i < points_.size(); ++i) {
        const auto index = static_cast<std::size_t>((*layout_->samples)[i]);
        const Sample& sample = data_->samples[index];
        const bool hidden = hiddenClasses_.contains(sample.label) || hiddenSplits_.contains(sample.split);
        std::uint8_t& style = points_[i].style;
        style = static_cast<std::uint8_t>((style & ~(kHiddenStyle | kDimmedStyle)) | (hidden ? kHiddenStyle : 0) |
                                          styles[index]);
    }
    if (hovered_ && points_[*hovered_].style & kHiddenStyle) setHovered(std::nullopt, {});
    centres_ = classCentres(points_, depths_, *layout_, *data_);
    ++content_;
    gridStale_ = shapesStale_ = true;
    surface_->invalidatePoints();
}

void EmbeddingView::setFollows(bool follows) {
    follows_ = follows;
    follow_.stop();
    followButton_->setVisible(!follows && layout_);
}

void EmbeddingView::fitAll() {
    const bool followed = follows_;
    setFollows(true);
    camera_ = fittedCamera();
    surface_->widget()->update();
    if (!followed) Q_EMIT cameraFitted();
}

std::optional<std::size_t> EmbeddingView::rowOf(int sample) const {
    if (sample < 0 || static_cast<std::size_t>(sample) >= rowOfSample_.size()) return std::nullopt;
    const std::int32_t row = rowOfSample_[static_cast<std::size_t>(sample)];
    return row < 0 ? std::nullopt : std::optional<std::size_t>(row);
}

std::optional<QPointF> EmbeddingView::screenPositionOf(int sample) const {
    const std::optional<std::size_t> row = rowOf(sample);
    if (!row || points_[*row].style & kHiddenStyle) return std::nullopt;
    const ScatterFrame now = frame();
    return now.screenFrom(placeNow(*row, now.glide));
}

void EmbeddingView::addOverlay(std::shared_ptr<const ViewOverlay> overlay) {
    overlays_.push_back(std::move(overlay));
    refresh();
}

void EmbeddingView::refresh() {
    surface_->widget()->update();
}

}  // namespace embedscope
