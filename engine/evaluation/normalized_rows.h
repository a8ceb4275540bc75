#pragma once

#include <algorithm>
#include <cmath>
#include <span>

namespace embedscope {

/// Each row of [N, dimension] divided by its length, in place; a zero row stays (x / max(|x|, 1e-12)).
template <typename Scalar>
void normalizeRows(std::span<Scalar> embeddings, int dimension) {
    const auto width = static_cast<std::size_t>(dimension);
    for (std::size_t first = 0; first < embeddings.size(); first += width) {
        const auto row = embeddings.subspan(first, width);
        double squares = 0;
        for (const Scalar value : row) squares += static_cast<double>(value) * static_cast<double>(value);
        const double length = std::max(std::sqrt(squares), 1e-12);
        for (Scalar& value : row) value = static_cast<Scalar>(static_cast<double>(value) / length);
    }
}

}  // namespace embedscope
