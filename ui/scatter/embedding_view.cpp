#include "ui/scatter/embedding_view.h"

#include "ui/scatter/color_key.h"
#include "ui/scatter/frame_pace.h"
#include "ui/scatter/gl_surface.h"
#include "ui/scatter/hover_card.h"
#include "ui/scatter/overlay.h"
#include "ui/scatter/picture.h"
#include "ui/scatter/raster_surface.h"

#include <QLabel>
#include <QPainter>
#include <QToolButton>

#include <algorithm>
#include <utility>

namespace embedscope {
namespace {

constexpr double kGlideMilliseconds = 150;
constexpr double kUserMoves = 400;  // milliseconds after the last move of the user in which frames come at full pace
constexpr std::size_t kMostNames = 40;

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
    connect(&pictures_.store(), &ThumbnailStore::arrived, this, &EmbeddingView::refresh);
    makeSurface(wantsOpenGl());
}

EmbeddingView::~EmbeddingView() = default;

SurfaceSource EmbeddingView::surfaceSource() {
    return {[this]() -> const DrawnPoints& { return points_; }, [this] { return frame(); },
            [this](QPainter& painter) { paintGround(painter); }, [this](QPainter& painter) { paintOverlay(painter); }};
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
    layout_.reset();
    points_.clear();
    proxies_.clear();
    query_.reset();
    centres_.clear();
    gridStale_ = true;
    rowOfSample_.clear();
    hiddenClasses_.clear();
    hiddenSplits_.clear();
    neighbors_.clear();
    setWatchedSamples({});
    applyPicked({});
    history_.clear();
    lasso_.end();
    brush_.end();
    selected_ = -1;
    setFollows(true);
    frames_.stop();
    setHovered(std::nullopt, {});
    ringed_ = -1;
    setArrowsFrom(nullptr);
    colorSources_ = {};
    colorKey_ = {};
    surface_->invalidatePoints();
    Q_EMIT dataSetChanged();
}

void EmbeddingView::showLayout(std::shared_ptr<const Layout> layout) {
    if (!data_ || !layout) return;
    const bool first = !layout_ || layout_->samples != layout->samples;
    const float glide = frame().glide;
    DrawnPoints points = pointsOf(*layout, *data_);
    colorKey_ = colorPoints(points, *layout, *data_, colorBy_, colorSources_);
    if (trustShown_) paleByTrust(points, *layout, palette().color(QPalette::Base).rgb());
    if (!first) {
        for (std::size_t i = 0; i < points.size(); ++i) {  // the glide goes on from where the points are drawn now
            const QPointF now = positionOf(points_[i], glide);
            points[i].fromX = static_cast<float>(now.x());
            points[i].fromY = static_cast<float>(now.y());
        }
    } else {
        rowOfSample_ = rowsOfSamples(*layout, data_->size());
        setHovered(std::nullopt, {});
    }
    points_ = std::move(points);
    layout_ = std::move(layout);
    measureExtent();
    applyVisibility();
    if (first && follows_) fitAll();
    startGlide();
}

void EmbeddingView::showProxies(std::vector<float> places, std::vector<std::int32_t> labels) {
    proxies_.show(std::move(places), std::move(labels), frame().glide);
}

void EmbeddingView::setProxiesVisible(bool visible) {
    proxiesVisible_ = visible;
    surface_->widget()->update();
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
    if (!dragging_ && underMouse()) hover(mapFromGlobal(QCursor::pos()));
}

ScatterFrame EmbeddingView::frame() const {
    ScatterFrame frame;
    frame.camera = camera_;
    const double share = glideClock_.isValid() ? static_cast<double>(glideClock_.elapsed()) / kGlideMilliseconds : 1;
    const double t = std::clamp(share, 0.0, 1.0);
    frame.glide = static_cast<float>(1 - (1 - t) * (1 - t));  // slows down as it arrives
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

void EmbeddingView::setAgreement(std::shared_ptr<const std::vector<float>> agreement) {
    colorSources_.agreement = std::move(agreement);
    if (colorBy_ == ColorBy::Agreement) recolor();
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
    centres_ = classCentres(points_, *layout_, *data_);
    gridStale_ = true;
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
    return camera_.screenFromWorld(positionOf(points_[*row], frame().glide));
}

QImage EmbeddingView::picture(QSize size) const {
    if (!layout_ || !data_) return {};
    return renderPicture(*layout_, *data_, size, palette().color(QPalette::Base).lightness() < 128);
}

void EmbeddingView::paintGround(QPainter& painter) const {
    painter.setFont(font());
    if (layout_) {
        paintAxes(painter, camera_, layout_->axisNames, palette());
        paintSphere(painter, camera_, layout_->sphereRadius, palette());
    } else {
        paintEmpty(painter, size(), tr("The first points appear when the untrained encoder has seen the images."),
                   palette());
    }
}

void EmbeddingView::paintOverlay(QPainter& painter) {
    if (!layout_) return;
    painter.setFont(font());
    pictures_.choose(points_, *layout_, frame(), data_, devicePixelRatioF());
    pictures_.paint(painter, points_, *layout_);
    painter.setRenderHint(QPainter::Antialiasing);
    for (const auto& overlay : overlays_) {
        painter.save();
        overlay->paint(painter, *this);
        painter.restore();
    }
    if (!greysRest_) paintSelected(painter);
    if (proxiesVisible_) proxies_.paint(painter, frame(), palette());
    if (classNames_ && centres_.size() <= kMostNames) paintClassNames(painter, centres_, *data_, frame(), palette());
    const double radius = frame().radius + 4;
    const QColor ink = palette().color(QPalette::Text);
    if (const auto centre = screenPositionOf(selected_)) {
        QColor line = ink;
        line.setAlphaF(0.45F);
        paintLines(painter, *centre, neighbors_, line);
        paintRing(painter, *centre, radius + 1, ink);
    }
    paintLinks(painter);
    paintQuery(painter);
    paintWatchedSamples(painter);
    paintColorKey(painter, colorKey_, size(), followButton_->isVisible() ? followButton_->geometry().bottom() + 8 : 12,
                  palette());
    if (lasso_.isActive()) paintLasso(painter, lasso_, palette());
    if (brush_.isActive()) paintBrush(painter, brush_, palette());
    if (hovered_) {
        const QPointF centre = camera_.screenFromWorld(positionOf(points_[*hovered_], frame().glide));
        QColor line = ink;
        line.setAlphaF(0.3F);
        paintLines(painter, centre, hoveredNeighbors_, line);
        paintRing(painter, centre, radius, ink);
    }
}

void EmbeddingView::addOverlay(std::shared_ptr<const ViewOverlay> overlay) {
    overlays_.push_back(std::move(overlay));
    refresh();
}

void EmbeddingView::refresh() {
    surface_->widget()->update();
}

void EmbeddingView::paintLines(QPainter& painter, QPointF centre, const std::vector<int>& ends,
                               const QColor& line) const {
    for (const int neighbor : ends)
        if (const auto end = screenPositionOf(neighbor)) {
            painter.setPen(QPen(line, 1));
            painter.drawLine(centre, *end);
            paintRing(painter, *end, frame().radius + 3, line);
        }
}

}  // namespace embedscope
