// Points in space: how they are turned, and the way between plane and space.
#include "ui/scatter/embedding_view.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace embedscope {
namespace {

constexpr double kTurningFrame = 28;  // milliseconds that a frame may take while a hand turns the points
constexpr int kRest = 150;            // milliseconds after the last turn until all points are drawn again
constexpr std::size_t kFewestDrawn = 100'000;

}  // namespace

MapPlace EmbeddingView::placeNow(std::size_t row, float glide) const {
    const QPointF place = positionOf(points_[row], glide);
    const float depth = depths_.empty() ? 0 : depths_[row].from + (depths_[row].to - depths_[row].from) * glide;
    return {static_cast<float>(place.x()), static_cast<float>(place.y()), depth};
}

SeenPoints EmbeddingView::seen() {
    if (depths_.empty()) return {points_, {}, {}, 0};
    const ScatterFrame now = frame();
    if (space_.look(points_, depths_, now.orbit, now.glide, content_)) gridStale_ = shapesStale_ = true;
    return space_.seen();
}

SeenPoints EmbeddingView::drawn() {
    drewEvery_ = depths_.empty() ? 1 : drawsEvery_;
    if (drewEvery_ == 1) return seen();
    const ScatterFrame now = frame();
    const PointShare share{drewEvery_, now.dims};
    if (space_.look(points_, depths_, now.orbit, now.glide, content_, share)) gridStale_ = shapesStale_ = true;
    return space_.seen();
}

/// Of what the last frame took all points would take so many times as much. While one turn lasts they only become
/// fewer, since points that come and go would flicker, and by one part a frame, since one slow frame may be chance.
void EmbeddingView::thinToPace() {
    rest_.start(kRest);
    const double all = surface_->paintDuration() * static_cast<double>(drewEvery_);
    const auto wanted = static_cast<std::size_t>(std::ceil(all / kTurningFrame));
    const std::size_t most = std::min(drawsEvery_ + 1, points_.size() / kFewestDrawn);
    drawsEvery_ = std::max(drawsEvery_, std::min(wanted, most));
}

void EmbeddingView::drawAll() {
    if (std::exchange(drawsEvery_, 1) > 1 || shapesStale_) surface_->widget()->update();
}

/// All points lie in the plane again.
void EmbeddingView::leaveSpace() {
    if (depths_.empty()) return;
    depths_ = {};
    space_.clear();
    orbit_ = orbitBefore_ = Orbit();
    gridStale_ = shapesStale_ = true;
    surface_->invalidatePoints();
}

/// The pivot is the middle of the points, and the camera fits the ball around them: turning does not pump.
void EmbeddingView::measureSpace() {
    const std::size_t every = points_.size() / kAskedForExtent + 1;
    std::vector<MapPlace> places;
    for (std::size_t row = 0; row < points_.size(); row += every) places.push_back(placeNow(row, 1));
    if (query_) places.push_back(query_->place);
    ownSpace_ = spaceExtentOf(places);
    const SpaceExtent extent = sharedSpace_.value_or(ownSpace_);
    orbit_ = {turn_.yaw, turn_.pitch, perspective_ ? kPerspective : 0, extent.middle, extent.reach};
    // From the plane, or on the way to it, the picture turns while the points leave it.
    if (orbitBefore_ == Orbit()) orbitBefore_ = {0, 0, 0, extent.middle, extent.reach};
    const double radius = extent.reach * silhouette(orbit_.nearness);
    extent_ = QRectF(extent.middle.x - radius, extent.middle.y - radius, 2 * radius, 2 * radius);
}

void EmbeddingView::setSharedSpace(const std::optional<SpaceExtent>& extent) {
    if (extent == sharedSpace_) return;
    sharedSpace_ = extent;
    if (isInSpace()) glideOrbit();
}

void EmbeddingView::turnBy(QPointF way) {
    if (!isInSpace()) return;
    Orbit orbit = orbit_;
    orbit.turnBy(way);
    setTurn({orbit.yaw, orbit.pitch});
    Q_EMIT turned();
}

void EmbeddingView::setTurn(SpaceTurn turn) {
    turn_ = turn;
    if (!isInSpace()) return;
    orbit_.yaw = orbitBefore_.yaw = turn.yaw;
    orbit_.pitch = orbitBefore_.pitch = turn.pitch;
    userClock_.start();
    thinToPace();
    surface_->widget()->update();
}

void EmbeddingView::lookFrom(SpaceTurn turn) {
    turn_ = turn;
    if (isInSpace()) glideOrbit();
}

void EmbeddingView::setPerspective(bool perspective) {
    if (perspective == perspective_) return;
    perspective_ = perspective;
    if (isInSpace()) glideOrbit();
    Q_EMIT spaceChanged();
}

/// The points stay where they are, or are where they were going.
void EmbeddingView::glideOrbit() {
    const ScatterFrame now = frame();
    orbitBefore_ = now.orbit;
    beginAt(points_, depths_, now.glide);
    measureExtent();
    applyVisibility();
    startGlide();
}

}  // namespace embedscope
