#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <stop_token>

namespace embedscope {

/// More rows are thinned evenly for the uniformity, which costs the square of their number.
inline constexpr std::size_t kUniformityRows = 4'096;

/// Whether an embedding uses its space, or has collapsed. NaN where there is nothing to measure.
struct EmbeddingHealth {
    double alignment = 0;   ///< Mean squared distance of similar pairs, normalised rows, 0..4 (Wang & Isola 2020).
    double uniformity = 0;  ///< Log of the mean of exp(-2 d²) over all pairs, normalised rows; 0 collapsed, -4 spread.
    double deviation = 0;   ///< Mean standard deviation of the normalised coordinates; 1/sqrt(dimension) healthy.
    double effectiveRank = 0;          ///< exp(entropy of the singular values of the centred rows), 1..dimension (Roy &
                                       ///< Vetterli 2007); 0 if all rows are equal.
    double uniformityError = 0;        ///< Standard error of the uniformity; 0 if all pairs were measured.
    bool uniformityIsSampled = false;  ///< From kUniformityRows evenly chosen rows, because there are more.
};

/// @param embeddings [N, dimension] row-major; rows that are not finite are left out. Labels serve the alignment only.
/// @return nothing if stopped.
std::optional<EmbeddingHealth> embeddingHealth(std::span<const float> embeddings, int dimension,
                                               std::span<const std::int32_t> labels, std::stop_token stop = {});

}  // namespace embedscope
