#include "engine/projections/map_measure.h"

#include "engine/evaluation/rank_loss.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace embedscope {
namespace {

constexpr int kNeighbors = 12;

/// The i-th point of a round that visits all, spread out from the start. @param stride Has no divisor in common.
std::size_t strideFor(std::size_t count) {
    std::size_t stride = static_cast<std::size_t>(0.618 * static_cast<double>(count)) | 1;
    while (std::gcd(stride, count) != 1) stride += 2;
    return stride;
}

}  // namespace

void MapMeasure::clear() {
    *this = MapMeasure();
}

void MapMeasure::ask(SpaceView space, std::span<const float> map, int dims, std::size_t points, std::stop_token stop) {
    const std::size_t count = space.count();
    tooFew_ = count < 3;
    if (tooFew_) return;
    if (trust_.size() != count) {
        clear();
        trust_.assign(count, std::numeric_limits<float>::quiet_NaN());
        continuity_ = kept_ = trust_;
    }
    k_ = std::clamp(kNeighbors, 1, static_cast<int>((count - 1) / 2));
    const std::size_t stride = strideFor(count);
    std::vector<std::int32_t> asked(std::min(points, count));
    for (std::size_t i = 0; i < asked.size(); ++i)
        asked[i] = static_cast<std::int32_t>((next_ + i) % count * stride % count);
    const auto losses = rankLosses<float>(space.rows, space.dimension, map, dims, asked, k_, stop);
    if (!losses) return;
    const auto n = static_cast<double>(count);
    const double worst = k_ * (2 * n - 3 * k_ - 1) / 2;
    for (std::size_t i = 0; i < asked.size(); ++i) {
        const auto row = static_cast<std::size_t>(asked[i]);
        trust_[row] = static_cast<float>(1 - (*losses)[i].intruders / worst);
        continuity_[row] = static_cast<float>(1 - (*losses)[i].torn / worst);
        kept_[row] = static_cast<float>((*losses)[i].kept) / static_cast<float>(k_);
    }
    next_ = (next_ + asked.size()) % count;
    fresh_ += asked.size();
}

std::shared_ptr<const MapQuality> MapMeasure::quality() const {
    auto quality = std::make_shared<MapQuality>();
    for (std::size_t i = 0; i < trust_.size(); ++i) {
        if (std::isnan(trust_[i])) continue;
        ++quality->asked;
        quality->trustworthiness += static_cast<double>(trust_[i]);
        quality->continuity += static_cast<double>(continuity_[i]);
        quality->neighborPreservation += static_cast<double>(kept_[i]);
    }
    if (quality->asked == 0) return nullptr;
    const auto asked = static_cast<double>(quality->asked);
    quality->trustworthiness /= asked;
    quality->continuity /= asked;
    quality->neighborPreservation /= asked;
    quality->k = k_;
    quality->pointTrust = trust_;
    return quality;
}

}  // namespace embedscope
