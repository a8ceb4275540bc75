#include "ui/compare/layout_history.h"

#include <algorithm>

namespace embedscope {
namespace {

/// Of the last report at that step or before it.
double secondsAt(const Snapshot& snapshot, std::int64_t step) {
    if (!snapshot.history) return 0;
    const auto after = std::ranges::upper_bound(*snapshot.history, step, {}, &MetricsRow::step);
    return after == snapshot.history->begin() ? 0 : (after - 1)->seconds;
}

}  // namespace

double RecordedFrame::at(TimeAxis axis) const {
    switch (axis) {
        case TimeAxis::Step:
            return static_cast<double>(step);
        case TimeAxis::Epoch:
            return epoch;
        case TimeAxis::Seconds:
            return seconds;
    }
    return 0;
}

void LayoutHistory::clear() {
    *this = {};
}

void LayoutHistory::continueFrom(const LayoutHistory& other, std::int64_t step) {
    clear();
    stride_ = other.stride_;
    std::ranges::copy_if(other.frames_, std::back_inserter(frames_),
                         [step](const RecordedFrame& frame) { return frame.step <= step; });
}

void LayoutHistory::add(const Layout& layout, const Snapshot& snapshot) {
    RecordedFrame frame;
    frame.step = layout.step;
    frame.epoch =
        snapshot.stepsPerEpoch > 0 ? static_cast<double>(layout.step) / static_cast<double>(snapshot.stepsPerEpoch) : 0;
    frame.seconds = secondsAt(snapshot, layout.step);
    frame.layout = slim(layout);
    frame.distances = snapshot.distances;
    frame.margin = snapshot.marginMark;
    // The newest frame is provisional until it is a stride away from the one before it.
    const bool replaces =
        !frames_.empty() && (frames_.back().step == frame.step ||
                             (frames_.size() > 1 && frames_.back().step - (frames_.end() - 2)->step < stride_));
    if (replaces)
        frames_.back() = std::move(frame);
    else
        frames_.push_back(std::move(frame));
    if (frames_.size() > kMostFrames) thin();
}

void LayoutHistory::thin() {
    std::vector<RecordedFrame> kept;
    for (std::size_t i = 0; i < frames_.size(); i += 2) kept.push_back(std::move(frames_[i]));
    if (frames_.size() % 2 == 0) kept.push_back(std::move(frames_.back()));
    const std::int64_t span = kept.back().step - kept.front().step;
    stride_ = std::max(2 * stride_, span / static_cast<std::int64_t>(kept.size()));
    frames_ = std::move(kept);
}

std::shared_ptr<const Layout> LayoutHistory::slim(const Layout& layout) {
    auto result = std::make_shared<Layout>();
    result->runId = layout.runId;
    result->step = layout.step;
    result->axisNames = layout.axisNames;
    result->method = layout.method;
    result->mapStep = layout.mapStep;
    result->sphereRadius = layout.sphereRadius;
    const std::size_t every = (layout.samples->size() + kMostPoints - 1) / kMostPoints;
    if (every <= 1) {
        result->samples = layout.samples;
        result->coordinates = layout.coordinates;
        return result;
    }
    if (source_ != layout.samples) {
        source_ = layout.samples;
        auto some = std::make_shared<std::vector<std::int32_t>>();
        for (std::size_t row = 0; row < source_->size(); row += every) some->push_back((*source_)[row]);
        kept_ = std::move(some);
    }
    result->samples = kept_;
    for (std::size_t row = 0; row < layout.samples->size(); row += every)
        result->coordinates.insert(result->coordinates.end(),
                                   {layout.coordinates[2 * row], layout.coordinates[2 * row + 1]});
    return result;
}

const RecordedFrame* LayoutHistory::at(TimeAxis axis, double moment) const {
    if (frames_.empty()) return nullptr;
    const auto after =
        std::ranges::upper_bound(frames_, moment, {}, [axis](const RecordedFrame& frame) { return frame.at(axis); });
    return after == frames_.begin() ? &frames_.front() : &*(after - 1);
}

}  // namespace embedscope
