#pragma once

#include "engine/neighbors/neighbor_graph.h"
#include "engine/projection.h"

#include <memory>
#include <stop_token>

namespace embedscope {

/// Trustworthiness and continuity of a map that moves: some points are asked at a time, going round.
class MapMeasure {
public:
    /// Forgets what was measured.
    void clear();
    /// The map has changed since: a full round makes the figures exact again.
    void mapMoved() { fresh_ = 0; }
    bool complete() const { return tooFew_ || (!trust_.empty() && fresh_ >= trust_.size()); }

    /// Asks the next points. @param map [N, dims] row-major.
    void ask(SpaceView space, std::span<const float> map, int dims, std::size_t points, std::stop_token stop);
    /// Null before anything was measured.
    std::shared_ptr<const MapQuality> quality() const;

private:
    std::vector<float> trust_, continuity_, kept_;  ///< [N] NaN: not asked.
    bool tooFew_ = false;                           ///< Points to have neighbours.
    std::size_t next_ = 0, fresh_ = 0;
    int k_ = 0;
};

}  // namespace embedscope
