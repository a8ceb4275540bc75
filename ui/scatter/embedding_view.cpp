#include "ui/scatter/embedding_view.h"

#include "ui/scatter/gl_surface.h"
#include "ui/scatter/hover_card.h"
#include "ui/scatter/overlay.h"
#include "ui/scatter/picture.h"
#include "ui/scatter/raster_surface.h"

#include <QPainter>

#include <algorithm>

namespace embedscope {
namespace {

constexpr double kGlideMilliseconds = 140;
constexpr int kFrameMilliseconds = 16;
constexpr double kFollowShare = 0.18;  // of the way to the fitting camera, each frame

bool wantsOpenGl() {
    const QByteArray asked = qgetenv("EMBEDSCOPE_RENDERER");
    return asked == "raster" ? false : hasUsableOpenGl();
}

}  // namespace

EmbeddingView::EmbeddingView(QWidget* parent) : QWidget(parent), card_(new HoverCard(this)) {
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    setMinimumSize(240, 200);
    frames_.setInterval(kFrameMilliseconds);
    frames_.setTimerType(Qt::PreciseTimer);
    connect(&frames_, &QTimer::timeout, this, &EmbeddingView::advance);
    makeSurface(wantsOpenGl());
}

EmbeddingView::~EmbeddingView() = default;

SurfaceSource EmbeddingView::surfaceSource() {
    return {[this]() -> const DrawnPoints& { return points_; }, [this] { return frame(); },
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
    grid_.build(points_);
    rowOfSample_.clear();
    hiddenClasses_.clear();
    hiddenSplits_.clear();
    neighbors_.clear();
    selected_ = -1;
    follows_ = true;
    frames_.stop();
    setHovered(std::nullopt, {});
    surface_->invalidatePoints();
}

void EmbeddingView::showLayout(std::shared_ptr<const Layout> layout) {
    if (!data_) return;
    const bool first = !layout_ || layout_->samples != layout->samples;
    const float glide = frame().glide;
    DrawnPoints points = pointsOf(*layout, *data_);
    if (!first) {
        for (std::size_t i = 0; i < points.size(); ++i) {  // the glide goes on from where the points are drawn now
            const QPointF now = positionOf(points_[i], glide);
            points[i].fromX = static_cast<float>(now.x());
            points[i].fromY = static_cast<float>(now.y());
        }
    } else {
        rowOfSample_.assign(data_->size(), -1);
        for (std::size_t i = 0; i < layout->samples->size(); ++i)
            rowOfSample_[static_cast<std::size_t>((*layout->samples)[i])] = static_cast<std::int32_t>(i);
        hovered_.reset();
    }
    points_ = std::move(points);
    layout_ = std::move(layout);
    applyVisibility();
    if (first) fitAll();
    startGlide();
}

void EmbeddingView::startGlide() {
    glideClock_.start();
    if (!frames_.isActive()) frames_.start();
    surface_->widget()->update();
}

void EmbeddingView::advance() {
    const bool arrived = glideClock_.elapsed() >= kGlideMilliseconds;
    const Camera before = camera_;
    if (follows_) followPoints();
    const bool rests = std::abs(camera_.pixelsPerUnit / before.pixelsPerUnit - 1) < 1e-4 &&
                       QPointF(camera_.centre - before.centre).manhattanLength() * camera_.pixelsPerUnit < 0.1;
    surface_->widget()->update();
    if (arrived && rests) frames_.stop();  // idle costs nothing
}

void EmbeddingView::followPoints() {
    if (points_.empty()) return;
    Camera wanted = camera_;
    wanted.fit(extentOf(points_));
    // Small changes of extent are the points' own business; the camera moves only for those that matter.
    const double ratio = wanted.pixelsPerUnit / camera_.pixelsPerUnit;
    const double drift = QPointF(wanted.centre - camera_.centre).manhattanLength() * camera_.pixelsPerUnit;
    if (ratio > 0.92 && ratio < 1.25 && drift < 0.05 * width()) return;
    camera_.pixelsPerUnit *= std::pow(ratio, kFollowShare);
    camera_.centre += (wanted.centre - camera_.centre) * kFollowShare;
}

ScatterFrame EmbeddingView::frame() const {
    ScatterFrame frame;
    frame.camera = camera_;
    const double share = glideClock_.isValid() ? static_cast<double>(glideClock_.elapsed()) / kGlideMilliseconds : 1;
    const double t = std::clamp(share, 0.0, 1.0);
    frame.glide = static_cast<float>(t * t * (3 - 2 * t));
    frame.ground = palette().color(QPalette::Base).rgb();
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

void EmbeddingView::setClassVisible(int label, bool visible) {
    visible ? (void)hiddenClasses_.erase(label) : (void)hiddenClasses_.insert(label);
    applyVisibility();
}

void EmbeddingView::setSplitVisible(Split split, bool visible) {
    visible ? (void)hiddenSplits_.erase(split) : (void)hiddenSplits_.insert(split);
    applyVisibility();
}

void EmbeddingView::applyVisibility() {
    for (std::size_t i = 0; layout_ && i < points_.size(); ++i) {
        const Sample& sample = data_->samples[static_cast<std::size_t>((*layout_->samples)[i])];
        const bool hidden = hiddenClasses_.contains(sample.label) || hiddenSplits_.contains(sample.split);
        std::uint8_t& style = points_[i].style;
        style = static_cast<std::uint8_t>(hidden ? style | kHiddenStyle : style & ~kHiddenStyle);
    }
    grid_.build(points_);
    surface_->invalidatePoints();
}

void EmbeddingView::fitAll() {
    follows_ = true;
    Camera camera = camera_;
    camera.viewport = size();
    camera.fit(extentOf(points_));
    camera_ = camera;
    surface_->widget()->update();
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

void EmbeddingView::paintOverlay(QPainter& painter) const {
    painter.setFont(font());
    if (!layout_) {
        paintEmpty(painter, size(), tr("The first points appear when the untrained encoder has seen the images."),
                   palette());
        return;
    }
    paintAxes(painter, camera_, layout_->axisNames, palette());
    const double radius = frame().radius + 4;
    const QColor ink = palette().color(QPalette::Text);
    if (const auto centre = screenPositionOf(selected_)) {
        QColor line = ink;
        line.setAlphaF(0.45F);
        for (const int neighbor : neighbors_)
            if (const auto end = screenPositionOf(neighbor)) {
                painter.setPen(QPen(line, 1));
                painter.drawLine(*centre, *end);
                paintRing(painter, *end, radius - 1, line);
            }
        paintRing(painter, *centre, radius + 1, ink);
    }
    if (hovered_)
        paintRing(painter, camera_.screenFromWorld(positionOf(points_[*hovered_], frame().glide)), radius, ink);
}

}  // namespace embedscope
