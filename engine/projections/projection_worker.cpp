#include "engine/projections/projection_worker.h"

#include "engine/projections/discriminant.h"
#include "engine/projections/finite_rows.h"
#include "engine/projections/linear_map.h"
#include "engine/projections/projection_rows.h"
#include "engine/projections/split_places.h"
#include "engine/thread_clock.h"

#include <algorithm>
#include <chrono>
#include <set>
#include <stdexcept>
#include <utility>

namespace embedscope {
namespace {

// Beside a training run a frame works on the map for some 5 ms of a core, and costs about 6 with what is done to draw
// it. It comes every 90 ms by the clock at most: where others want the core its work lasts longer, and the rest is
// shorter for it; frames in between are interpolated (see FrameGlide). The threads of a training wait for each other,
// so that what is taken from one core all of them lose: frames that cost more than their share are fewer. Otherwise a
// frame comes every 30 ms.
constexpr double kQuietWork = 4.5, kQuickWork = 25;
constexpr double kQuietPeriod = 90, kLeastRest = 5;
constexpr double kQuietShare = 0.065;                       // of a core
constexpr double kSmoothing = 0.1;                          // of the measured costs
constexpr std::size_t kQuietAsked = 16, kQuickAsked = 256;  // points whose neighbours are compared in a piece
constexpr double kAxesEvery = 1.2;                          // seconds: fitting costs more than drawing
constexpr double kMeasureEvery = 0.25;                      // seconds at least
constexpr double kQuietMeasureShare = 0.004;                // of a core

double clockSeconds() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace

void ProjectionWorker::drop() {
    live_.reset();
    tracker_.startFresh();
    measure_.clear();
}

bool ProjectionWorker::isStepwise() const {
    return method_.id == tsneRow().entry.id || method_.id == umapRow().entry.id;
}

void ProjectionWorker::take(ProjectionRequests requests) {
    // The picture that stays is on axes of its own bank.
    if (quiet_ && !requests.quiet && onFormerAxes_ && !isStepwise() && bank_) bankIsNew_ = true;
    if (!requests.quiet || requests.settle) measureDueAt_ = std::min(measureDueAt_, clockSeconds() + kMeasureEvery);
    quiet_ = requests.quiet;
    if (requests.method || requests.settle) pieceDueAt_ = 0;  // a wish does not wait
    measuring_ = requests.measuring;
    settling_ = settling_ || requests.settle;
    if (live_) live_->setRough(!inHurry());
    if (requests.labels) labels_ = std::move(requests.labels);
    if (requests.frozen && *requests.frozen != frozen_) {
        frozen_ = *requests.frozen;
        axesFittedAt_ = 0;
        if (live_) live_->setFrozen(frozen_);
        // Let loose while no new bank comes (a paused run): the newest one is wanted now.
        if (!frozen_ && bank_) bankIsNew_ = true;
    }
    if (requests.method && *requests.method != method_) {
        const bool sameMethod = requests.method->id == method_.id;
        method_ = *requests.method;
        if (!sameMethod) drop();
        if (sameMethod && live_) live_->setParameters(method_.parameters);
        bankIsNew_ = bankIsNew_ || (bank_ && !live_);
    }
    if (requests.dims && *requests.dims != dims_) {
        dims_ = *requests.dims;
        tracker_.setDimensions(dims_);
        drop();
        drawn_.clear();
        glide_.clear();
        bankIsNew_ = bank_ != nullptr;
    }
    if (requests.startOver) {
        drop();
        bankIsNew_ = bank_ != nullptr;
    }
    if (requests.bank && allFinite(requests.bank->embeddings)) {
        if (bank_ && requests.bank->runId != bank_->runId) {
            drop();
            drawn_.clear();
            glide_.clear();
        }
        bank_ = std::move(requests.bank);
        bankIsNew_ = true;
    }
}

bool ProjectionWorker::hasWork() const {
    if (bankIsNew_) return true;
    if (live_ && !live_->settled()) return true;
    if (!glide_.arrived()) return true;
    return measuring_ && !gaveUp_ && !drawn_.empty() && !measure_.complete();
}

double ProjectionWorker::rest() const {
    if (inHurry()) return kLeastRest;
    const bool pieceComes = live_ || bankIsNew_;
    const double next = glide_.arrived() ? pieceDueAt_
                        : pieceComes     ? std::min(pieceDueAt_, glide_.nextAt())
                                         : glide_.nextAt();
    return std::max(kLeastRest, 1e3 * (next - clockSeconds()));
}

/// All there is to do is to draw the map a little further on its way.
bool ProjectionWorker::isBetweenFrames(double now) const {
    if (inHurry() || glide_.arrived()) return false;
    return now < pieceDueAt_ - 1e-3 * kLeastRest || !(live_ || bankIsNew_);
}

std::shared_ptr<const Layout> ProjectionWorker::work(std::stop_token stop) {
    const double begun = clockSeconds(), computedBefore = threadMilliseconds();
    if (isBetweenFrames(begun)) {
        if (begun < glide_.nextAt() - 1e-3 * kLeastRest) return nullptr;  // woken by a wish that can wait
        glide_.advance();
        auto between = layout();
        betweenMilliseconds_ += threadMilliseconds() - computedBefore;
        return between;
    }
    beginsMap_ = false;
    std::shared_ptr<const Layout> newest = workOnce(std::move(stop));
    const double cost = quiet_ ? threadMilliseconds() - computedBefore + std::exchange(betweenMilliseconds_, 0) : 0;
    // What beginning takes says nothing of the frames to come.
    if (!beginsMap_) usualMilliseconds_ += kSmoothing * (cost - usualMilliseconds_);
    pieceDueAt_ = begun + 1e-3 * std::max(kQuietPeriod, usualMilliseconds_ / kQuietShare);
    return newest;
}

std::shared_ptr<const Layout> ProjectionWorker::workOnce(std::stop_token stop) {
    if (!bank_) return nullptr;
    if (bankIsNew_) gaveUp_ = false;
    bool changed = false;
    if (!isStepwise()) {
        changed = bankIsNew_ && drawLinear(stop);
        bankIsNew_ = false;
    } else if (!live_ && bankIsNew_ && drawn_.empty()) {
        changed = drawWithPca(stop);  // something to look at while the neighbours are found
    } else if (bankIsNew_ || (live_ && !live_->settled())) {
        changed = drawStepwise(stop);
    }
    if (stop.stop_requested()) return nullptr;
    if (changed) {
        measure_.mapMoved();
        glide_.aim(drawn_, clockSeconds());
    }
    if (!glide_.arrived() && (inHurry() || clockSeconds() > glide_.nextAt())) {
        inHurry() ? glide_.arrive() : glide_.advance();
        changed = true;
    }
    if (measuring_ && !drawn_.empty() && !measure_.complete() && clockSeconds() > measureDueAt_) {
        measure(stop);
        changed = changed || !stop.stop_requested();
    }
    if (!live_ || live_->settled()) settling_ = false;
    return changed && !drawn_.empty() ? layout() : nullptr;
}

std::shared_ptr<const Layout> ProjectionWorker::giveUp(const std::string& sentence) {
    drop();
    bankIsNew_ = settling_ = false;
    gaveUp_ = true;
    problem_ = sentence;
    const std::size_t size = static_cast<std::size_t>(dims_) * bank_->count();
    if (drawn_.size() != size) drawn_.assign(size, 0);
    glide_.clear();
    glide_.aim(drawn_, clockSeconds());
    drawnBank_ = bank_;
    return layout();
}

bool ProjectionWorker::drawWithPca(std::stop_token stop) {
    if (!inHurry() && !frozen_ && clockSeconds() - axesFittedAt_ < kAxesEvery) {
        if (auto places = tracker_.onSameAxes(*bank_)) {
            onFormerAxes_ = true;
            drawn_ = std::move(*places);
            drawnBank_ = bank_;
            return true;
        }
    }
    std::optional<PlaneTracker::Frame> frame = tracker_.next(*bank_, frozen_, stop);
    if (!frame) return false;
    axesFittedAt_ = clockSeconds();
    onFormerAxes_ = false;
    drawn_ = std::move(frame->coordinates);
    axisNames_ = std::move(frame->axisNames);
    drawnBank_ = bank_;
    return true;
}

bool ProjectionWorker::drawLinear(std::stop_token stop) try {
    problem_.clear();
    if (method_.id == principalRow().entry.id) return drawWithPca(stop);
    const std::vector<std::int32_t> labels = labelsOfRows();
    if (method_.id == discriminantRow().entry.id) {
        tracker_.setFit("LD", [&labels, this](const RowsView<float>& rows, std::stop_token token) {
            return discriminantAxes(rows, labels, dims_, token);
        });
        const bool drawn = drawWithPca(stop);
        tracker_.setFit("PC", {});
        return drawn;
    }
    std::optional<LinearMap> map = linearMap({bank_->embeddings, bank_->dimension}, labels, method_, dims_, stop);
    if (!map) return false;
    drawn_ = std::move(map->coordinates);
    axisNames_ = std::move(map->axisNames);
    drawnBank_ = bank_;
    return true;
} catch (const std::invalid_argument& impossible) {
    tracker_.setFit("PC", {});
    tracker_.startFresh();
    problem_ = impossible.what();
    const bool drawn = drawWithPca(stop);
    axesFittedAt_ = 0;  // these are not the axes that were asked for
    return drawn;
}

/// @return false if there is no new frame, or if stopped.
bool ProjectionWorker::drawStepwise(std::stop_token stop) {
    problem_.clear();
    const bool fresh = !live_;
    if (fresh) live_ = std::make_unique<LiveMap>(method_, dims_, workers_);
    live_->setRough(!inHurry());
    // A map that is chosen while frozen finds its places first; it only follows no further bank.
    if (std::exchange(bankIsNew_, false) && (fresh || !frozen_)) {
        beginsMap_ = !live_->goesOnWith(*bank_);
        if (!live_->follow(bank_, stop)) return false;
    }
    if (!live_->work(inHurry() ? kQuickWork : kQuietWork, stop) || stop.stop_requested()) return false;
    drawn_ = live_->frame(drawn_);
    if (frozen_ && live_->settled()) live_->setFrozen(true);
    drawnBank_ = live_->bank();
    const std::string& label = (method_.id == tsneRow().entry.id ? tsneRow() : umapRow()).entry.label;
    axisNames_.clear();
    for (int d = 0; d < dims_; ++d) axisNames_.push_back(label + " " + std::to_string(d + 1));
    return true;
}

void ProjectionWorker::measure(std::stop_token stop) {
    const double computedBefore = threadMilliseconds();
    const std::size_t points = inHurry() ? kQuickAsked : kQuietAsked;
    measure_.ask({drawnBank_->embeddings, drawnBank_->dimension}, drawn_, dims_, points, stop);
    const double cost = 1e-3 * (threadMilliseconds() - computedBefore);
    measureDueAt_ = clockSeconds() + std::max(kMeasureEvery, inHurry() ? 0 : cost / kQuietMeasureShare);
}

std::vector<std::int32_t> ProjectionWorker::labelsOfRows() const {
    std::vector<std::int32_t> labels(bank_->count(), -1);
    for (std::size_t i = 0; labels_ && i < labels.size(); ++i) {
        const auto sample = static_cast<std::size_t>((*bank_->samples)[i]);
        if (sample < labels_->size()) labels[i] = (*labels_)[sample];
    }
    return labels;
}

/// Two or three numbers of an embedding of two or three are drawn as they are.
bool ProjectionWorker::drawsRawSpace() const {
    const std::set<std::string> names(axisNames_.begin(), axisNames_.end());
    return drawnBank_->dimension <= 3 && static_cast<int>(names.size()) == dims_ &&
           std::ranges::all_of(names, [](const std::string& name) { return name.starts_with('x'); });
}

std::shared_ptr<const Layout> ProjectionWorker::layout() const {
    auto layout = std::make_shared<Layout>();
    layout->runId = drawnBank_->runId;
    layout->step = drawnBank_->step;
    layout->samples = drawnBank_->samples;
    Places places = splitPlaces(glide_.places(), dims_);
    layout->coordinates = std::move(places.coordinates);
    layout->depths = std::move(places.depths);
    layout->axisNames = axisNames_;
    if (drawsRawSpace()) layout->sphereRadius = sphereRadius({drawnBank_->embeddings, drawnBank_->dimension});
    layout->bank = drawnBank_;
    layout->method = problem_.empty() ? method_.id : principalRow().entry.id;
    layout->mapStep = live_ ? live_->step() : 0;
    layout->interpolated = !glide_.arrived();
    layout->settled = glide_.arrived() && (!live_ || live_->settled());
    layout->quality = measure_.quality();
    layout->problem = problem_;
    return layout;
}

}  // namespace embedscope
