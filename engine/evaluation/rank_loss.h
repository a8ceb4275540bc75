#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

namespace embedscope {

/// What one point loses by the map. Read by faithfulness().
struct RankLoss {
    double intruders = 0;  ///< Sum over its k neighbours in the map of max(0, true rank - k).
    double torn = 0;       ///< Sum over its k true neighbours of max(0, rank in the map - k).
    int kept = 0;          ///< Neighbours in both.
};

/// For each of `points`; float, and double for the reference. @return nothing if stopped.
template <typename Scalar>
std::optional<std::vector<RankLoss>> rankLosses(std::span<const Scalar> embeddings, int dimension,
                                                std::span<const Scalar> map, int mapDimension,
                                                std::span<const std::int32_t> points, int k, std::stop_token stop);

}  // namespace embedscope
