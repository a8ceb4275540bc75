#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <stop_token>

namespace embedscope {

/// Whether an embedding uses its space, or has collapsed. NaN where there is nothing to measure.
struct EmbeddingHealth {
    double alignment = 0;   ///< Mean squared distance of similar pairs, normalised rows, 0..4 (Wang & Isola 2020).
    double uniformity = 0;  ///< Log of the mean of exp(-2 d²) over all pairs, normalised rows; 0 collapsed, -4 spread.
    double deviation = 0;   ///< Mean standard deviation of the normalised coordinates; 1/sqrt(dimension) healthy.
    double effectiveRank = 0;          ///< exp(entropy of the singular values of the centred rows), 1..dimension (Roy &
                                       ///< Vetterli 2007); 0 if all rows are equal.
    bool uniformityIsSampled = false;  ///< From a sample of the rows, because there are many.
};

/// @param embeddings [N, dimension] row-major; rows that are not finite are left out. Labels serve the alignment only.
/// @return nothing if stopped.
std::optional<EmbeddingHealth> embeddingHealth(std::span<const float> embeddings, int dimension,
                                               std::span<const std::int32_t> labels, std::stop_token stop = {});

}  // namespace embedscope
