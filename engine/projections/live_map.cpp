#include "engine/projections/live_map.h"

#include "engine/projections/alignment.h"
#include "engine/thread_clock.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace embedscope {
namespace {

constexpr double kMostPerFrame = 0.04;    // mean displacement relative to the radius: a second for all of it
constexpr double kRefreshShare = 0.4;     // of the time, while an exact map looks for new neighbours
constexpr double kSmoothing = 0.2;        // of the measured costs
constexpr double kMostComparisons = 4e8;  // of rows with rows: some seconds of a core

SpaceView spaceOf(const BankFrame& bank) {
    return {bank.embeddings, bank.dimension};
}

}  // namespace

LiveMap::LiveMap(Choice method, int dims, Workers& workers)
    : method_(std::move(method)), dims_(dims), workers_(workers), map_(makeMovingMap(method_, dims, 1, workers)) {}

bool LiveMap::goesOnWith(const BankFrame& bank) const {
    return begun_ && shown_->runId == bank.runId && shown_->count() == bank.count() &&
           shown_->dimension == bank.dimension;
}

bool LiveMap::follow(std::shared_ptr<const BankFrame> bank, std::stop_token stop) {
    if (goesOnWith(*bank)) {
        waiting_ = std::move(bank);
        beginRefresh();
        return true;
    }
    map_ = makeMovingMap(method_, dims_, 1, workers_);
    map_->setRough(rough_);
    refreshing_ = waiting_ = nullptr;
    approximate_ = false;
    begun_ = map_->initialize(spaceOf(*bank), {}, stop);
    shown_ = std::move(bank);
    return begun_;
}

void LiveMap::setParameters(const ParameterValues& parameters) {
    method_.parameters = parameters;
    map_->setParameters(parameters);
    parametersChanged_ = begun_;
    beginRefresh();
}

void LiveMap::beginRefresh() {
    if (!begun_ || frozen_ || map_->refreshing()) return;
    if (!waiting_ && !parametersChanged_ && !wantsTrueNeighbors()) return;
    parametersChanged_ = false;
    lookFor(waiting_ ? std::exchange(waiting_, nullptr) : shown_);
}

void LiveMap::lookFor(std::shared_ptr<const BankFrame> bank) {
    refreshing_ = std::move(bank);
    using Reach = NeighborRefresh::Reach;
    approximate_ = !looksAmongEverybody();
    map_->follow(spaceOf(*refreshing_), approximate_ ? Reach::Candidates : Reach::Everybody);
}

void LiveMap::setRough(bool rough) {
    map_->setRough(rough_ = rough);
    const bool amongEverybody = map_->refreshing() && !approximate_;
    if (rough && amongEverybody) lookFor(waiting_ ? std::exchange(waiting_, nullptr) : refreshing_);
}

/// While a training runs beside, there is no time for that; nor ever where the points are too many.
bool LiveMap::looksAmongEverybody() const {
    const auto count = static_cast<double>(shown_->count());
    return !rough_ && count * count <= kMostComparisons;
}

/// A slice of the new neighbours.
void LiveMap::refresh(double milliseconds) {
    const double end = threadMilliseconds() + milliseconds;
    while (!map_->refresh())
        if (threadMilliseconds() >= end) return;
    shown_ = std::move(refreshing_);
}

bool LiveMap::work(double milliseconds, std::stop_token stop) {
    if (!begun_ || frozen_) return true;
    beginRefresh();
    const double begun = threadMilliseconds();
    slicedLast_ = rough_ && map_->refreshing() && !slicedLast_;
    if (slicedLast_) {
        refresh(std::max(milliseconds, stepMilliseconds_));
        return !arrived_;
    }
    if (map_->refreshing() && !rough_) refresh(kRefreshShare * milliseconds);
    if (map_->settled() && !map_->refreshing()) return true;  // the picture is still on its way
    do {
        const double before = threadMilliseconds();
        map_->runTo(map_->step() + 1, stop);
        stepMilliseconds_ += kSmoothing * (threadMilliseconds() - before - stepMilliseconds_);
    } while (!map_->settled() && !stop.stop_requested() &&
             threadMilliseconds() - begun + stepMilliseconds_ < milliseconds);
    return true;
}

bool LiveMap::settled() const {
    return !begun_ || frozen_ ||
           (!map_->refreshing() && !waiting_ && !parametersChanged_ && !wantsTrueNeighbors() && map_->settled() &&
            arrived_);
}

std::vector<float> LiveMap::frame(std::span<const float> before) {
    const std::vector<float> rows = rowsOf(map_->points());
    if (before.size() != rows.size()) {
        arrived_ = true;
        return alignedMap(rows, {}, radius_, dims_);
    }
    if (const double size = firstFrame_ ? radiusOf(before, dims_) : 0; size > 0) radius_ = size;
    firstFrame_ = false;
    std::vector<float> next = alignedMap(rows, before, radius_, dims_);
    const double move = meanDisplacement(before, next, dims_);
    arrived_ = move <= kMostPerFrame;
    if (arrived_) return next;
    const auto share = static_cast<float>(kMostPerFrame / move);
    for (std::size_t i = 0; i < next.size(); ++i) next[i] = before[i] + share * (next[i] - before[i]);
    return next;
}

}  // namespace embedscope
