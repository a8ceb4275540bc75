#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <stop_token>

namespace embedscope {

/// Embeddings with their classes, -1 where there is none.
struct LabelledRows {
    std::span<const float> embeddings;  ///< [N, dimension] row-major.
    std::span<const std::int32_t> labels;
};

/// Share of the rows of `tested` that a linear classifier (multinomial logistic regression), fitted to `fitted`, puts
/// into their class; classes that were not fitted are left out. NaN if fewer than two classes were fitted or nothing
/// is left to test. At most 3,000 rows are fitted, fewer for many classes and dimensions, evenly spread.
/// @return nothing if stopped.
std::optional<double> linearProbe(const LabelledRows& fitted, const LabelledRows& tested, int dimension,
                                  std::stop_token stop = {});

}  // namespace embedscope
