// What views side by side tell each other, and what is no sample: proxies and a picture that is asked about.
#include "ui/scatter/embedding_view.h"
#include "ui/scatter/overlay.h"

#include <QPainter>

#include <algorithm>
#include <utility>

namespace embedscope {

void EmbeddingView::setSharedExtent(const std::optional<QRectF>& extent) {
    if (extent == sharedExtent_) return;
    const bool other = extent.has_value() != sharedExtent_.has_value();
    sharedExtent_ = extent;
    if (!follows_ || points_.empty()) return;
    if (other)
        fitAll();
    else
        startFrames();
}

Camera EmbeddingView::fittedCamera() const {
    Camera camera = camera_;
    camera.viewport = size();
    if (!points_.empty()) camera.fit(sharedExtent_.value_or(extent_));
    return camera;
}

void EmbeddingView::setCamera(const Camera& camera) {
    camera_.centre = camera.centre;
    camera_.pixelsPerUnit = camera.pixelsPerUnit;
    camera_.viewport = size();
    setFollows(false);
    userClock_.start();
    surface_->widget()->update();
}

void EmbeddingView::setRingedSample(int sample) {
    if (sample == ringed_) return;
    ringed_ = sample;
    surface_->widget()->update();
}

void EmbeddingView::setArrowsFrom(std::shared_ptr<const Layout> origin) {
    if (origin == arrowsFrom_) return;
    if (origin && data_ && (!arrowsFrom_ || arrowsFrom_->samples != origin->samples))
        arrowRowOfSample_ = rowsOfSamples(*origin, data_->size());
    arrowsFrom_ = data_ ? std::move(origin) : nullptr;
    surface_->widget()->update();
}

std::vector<SampleArrow> EmbeddingView::arrows() const {
    std::vector<SampleArrow> arrows;
    if (!arrowsFrom_ || !layout_) return arrows;
    const std::vector<int>& samples = picked_.selected.empty() ? *layout_->samples : picked_.selected;
    const std::size_t stride = samples.size() / kMostArrows + 1;
    if (!isSameMap(*arrowsFrom_, *layout_)) return arrows;
    const ScatterFrame now = frame();
    for (std::size_t i = 0; i < samples.size(); i += stride) {
        const auto row = rowOf(samples[i]);
        const std::int32_t from = arrowRowOfSample_[static_cast<std::size_t>(samples[i])];
        if (!row || from < 0 || points_[*row].style & kHiddenStyle) continue;
        const DrawnPoint& point = points_[*row];
        arrows.push_back({samples[i], now.screenFrom(placeOf(*arrowsFrom_, static_cast<std::size_t>(from))),
                          now.screenFrom(placeNow(*row, now.glide)), QColor(point.red, point.green, point.blue)});
    }
    return arrows;
}

void EmbeddingView::paintLinks(QPainter& painter) const {
    paintArrows(painter, arrows());
    if (const auto centre = screenPositionOf(ringed_)) {
        const QColor ink = palette().color(QPalette::Text);
        paintRing(painter, *centre, frame().radius + 4, ink);
        paintRing(painter, *centre, frame().radius + 9, ink);
    }
}

void EmbeddingView::showProxies(std::vector<MapPlace> places, std::vector<std::int32_t> labels) {
    proxies_.show(std::move(places), std::move(labels), frame().glide);
}

void EmbeddingView::setProxiesVisible(bool visible) {
    proxiesVisible_ = visible;
    surface_->widget()->update();
}

void EmbeddingView::setQuery(std::optional<QueryMark> query) {
    query_ = std::move(query);
    measureExtent();
    if (follows_ && !points_.empty()) startFrames();
    surface_->widget()->update();
}

/// The camera fits the picture that was asked about too.
void EmbeddingView::measureExtent() {
    if (isInSpace()) return measureSpace();
    extent_ = extentOf(points_);
    if (!depths_.empty()) orbit_ = {0, 0, 0, orbit_.pivot, orbit_.reach};  // on the way back into the plane
    if (!query_ || points_.empty()) return;
    const QPointF place(query_->place.x, query_->place.y);
    extent_.setLeft(std::min(extent_.left(), place.x()));
    extent_.setRight(std::max(extent_.right(), place.x()));
    extent_.setTop(std::min(extent_.top(), place.y()));
    extent_.setBottom(std::max(extent_.bottom(), place.y()));
}

void EmbeddingView::paintQuery(QPainter& painter) const {
    if (!query_) return;
    const QPointF centre = frame().screenFrom(query_->place);
    QColor line = palette().color(QPalette::Text);
    line.setAlphaF(0.45F);
    paintLines(painter, centre, query_->neighbors, line);
    paintQueryMark(painter, centre, query_->picture, palette());
}

}  // namespace embedscope
