#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

namespace embedscope {

/// How far a map can be believed, 0..1 each (Venna & Kaski 2001). NaN with fewer than three points.
struct Faithfulness {
    double trustworthiness = 0;        ///< Low: points that are neighbours in the map are far apart in truth.
    double continuity = 0;             ///< Low: true neighbours were torn apart in the map.
    double neighbourPreservation = 0;  ///< Share of the k true neighbours that are among the k in the map.
    int k = 0;                         ///< As used: at most what the number of points allows, (n - 1) / 2.
    std::vector<std::int32_t> points;  ///< Rows that were asked, ascending; all, or an even sample of them.
    std::vector<float> pointTrust;     ///< [points] the share of each in trustworthiness: 1 is perfect.
    std::vector<float> pointContinuity;
    bool sampled = false;
};

/// Exact for the points that are asked; each is compared with all others.
/// @param embeddings [N, dimension] row-major. @param map [N, mapDimension] row-major. Both finite.
/// @param most At most so many points are asked, spread evenly. @return nothing if stopped.
std::optional<Faithfulness> faithfulness(std::span<const float> embeddings, int dimension, std::span<const float> map,
                                         int mapDimension, int k = 12, std::size_t most = 2'000,
                                         std::stop_token stop = {});

}  // namespace embedscope
