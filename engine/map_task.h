#pragma once

#include "engine/experiment.h"

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

namespace embedscope {

/// A map of embeddings that follow no training: what `embedscope project` makes.
struct MapTask {
    std::span<const float> embeddings;  ///< [N, dimension] row-major, finite.
    int dimension = 1;
    std::span<const std::int32_t> labels;  ///< [N] -1: none; may be empty. Only "lda" reads them.
    Choice method{"pca", {}};              ///< Of projectionCatalog().
    int dims = 2;                          ///< 2 or 3.
    std::uint64_t seed = 1;
    int threads = 0;  ///< 0: one a core. Changes no bit of the map.
};

struct MapResult {
    static constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
    std::vector<float> coordinates;  ///< [N, dims] row-major.
    std::vector<std::string> axisNames;
    double neighborSeconds = 0, optimizationSeconds = 0;
    int iterations = 0;         ///< 0 for a linear map.
    std::string objectiveName;  ///< "KL divergence"; empty for a linear map.
    double objective = kNone;
};

/// Blocks. @return nothing if stopped.
/// @throws std::invalid_argument with a sentence for a method, parameter or input that cannot work.
std::optional<MapResult> makeMap(const MapTask& task, std::stop_token stop = {});

}  // namespace embedscope
