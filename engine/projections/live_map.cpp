#include "engine/projections/live_map.h"

#include "engine/projections/alignment.h"
#include "engine/thread_clock.h"

#include <algorithm>
#include <cmath>

namespace embedscope {
namespace {

constexpr double kRadius = 1;          // of every frame: the scale of a map of neighbours says nothing
constexpr double kRefreshShare = 0.4;  // of the time, while new neighbours are being looked for
constexpr double kSmoothing = 0.2;     // of the measured costs
constexpr std::size_t kLeastRows = 64;

SpaceView spaceOf(const BankFrame& bank) {
    return {bank.embeddings, bank.dimension};
}

}  // namespace

LiveMap::LiveMap(Choice method, int dims, Workers& workers)
    : method_(std::move(method)), dims_(dims), workers_(workers), map_(makeMovingMap(method_, dims, 1, workers)) {}

bool LiveMap::follow(std::shared_ptr<const BankFrame> bank, std::stop_token stop) {
    const bool same = begun_ && shown_->runId == bank->runId && shown_->count() == bank->count() &&
                      shown_->dimension == bank->dimension;
    if (same) {
        waiting_ = std::move(bank);
        beginRefresh();
        return true;
    }
    map_ = makeMovingMap(method_, dims_, 1, workers_);
    refreshing_ = waiting_ = nullptr;
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
    if (!waiting_ && !parametersChanged_) return;
    parametersChanged_ = false;
    refreshing_ = waiting_ ? std::move(waiting_) : shown_;
    waiting_ = nullptr;
    map_->follow(spaceOf(*refreshing_));
}

void LiveMap::work(double milliseconds, std::stop_token stop) {
    if (!begun_ || frozen_) return;
    beginRefresh();
    const double begun = threadMilliseconds();
    if (map_->refreshing()) {
        const double wanted = kRefreshShare * milliseconds * rowsPerMillisecond_;
        const auto rows = std::max(kLeastRows, static_cast<std::size_t>(wanted));
        if (map_->refresh(rows)) shown_ = std::move(refreshing_);
        const double spent = std::max(threadMilliseconds() - begun, 1e-3);
        rowsPerMillisecond_ += kSmoothing * (static_cast<double>(rows) / spent - rowsPerMillisecond_);
    }
    do {
        const double before = threadMilliseconds();
        map_->runTo(map_->step() + 1, stop);
        stepMilliseconds_ += kSmoothing * (threadMilliseconds() - before - stepMilliseconds_);
    } while (!map_->settled() && !stop.stop_requested() &&
             threadMilliseconds() - begun + stepMilliseconds_ < milliseconds);
}

bool LiveMap::settled() const {
    return !begun_ || frozen_ || (!map_->refreshing() && !waiting_ && !parametersChanged_ && map_->settled());
}

std::vector<float> LiveMap::frame(std::span<const float> before) {
    return alignedMap(rowsOf(map_->points()), before, kRadius, dims_);
}

}  // namespace embedscope
