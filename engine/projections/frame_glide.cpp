#include "engine/projections/frame_glide.h"

#include <algorithm>
#include <cmath>

namespace embedscope {
namespace {

constexpr double kPiece = 0.1;       // seconds
constexpr double kTooShort = 0.02;   // of a piece: not worth a frame of its own
constexpr double kLongestWay = 1;    // seconds: a map in space steps that seldom beside a training
constexpr double kInterruption = 1;  // seconds: once, as after an epoch's end, it says nothing of the pace
constexpr double kSmoothing = 0.3;   // of the measured pace

}  // namespace

void FrameGlide::aim(std::vector<float> places, double seconds) {
    const bool hasWay = places.size() == places_.size();
    const double since = seconds - aimedAt_;
    const bool isLong = hasWay && since >= kInterruption;
    if (hasWay && (!isLong || wasLong_))
        usualSeconds_ = usualSeconds_ == 0 ? since : usualSeconds_ + kSmoothing * (since - usualSeconds_);
    wasLong_ = isLong;
    aimedAt_ = seconds;
    to_ = std::move(places);
    from_ = std::move(places_);
    const double way = std::min(usualSeconds_, kLongestWay) / kPiece;
    pieces_ = hasWay ? std::max(1, static_cast<int>(std::ceil(way - kTooShort))) : 1;
    piece_ = 0;
    advance();
}

void FrameGlide::advance() {
    if (++piece_ >= pieces_) return arrive();
    const auto share = static_cast<float>(piece_) / static_cast<float>(pieces_);
    places_.resize(to_.size());
    for (std::size_t i = 0; i < to_.size(); ++i) places_[i] = from_[i] + share * (to_[i] - from_[i]);
}

void FrameGlide::arrive() {
    piece_ = pieces_;
    places_ = to_;
}

void FrameGlide::clear() {
    *this = FrameGlide();
}

double FrameGlide::nextAt() const {
    return aimedAt_ + std::min(usualSeconds_, kLongestWay) * piece_ / std::max(1, pieces_);
}

}  // namespace embedscope
