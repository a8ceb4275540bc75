#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

namespace embedscope {

/// Mean Euclidean distance over the pairs of two classes, or within one.
struct ClassDistance {
    double mean = 0;           ///< NaN without a pair.
    double standardError = 0;  ///< Of the mean, for the images as a sample of their classes; NaN if it has no meaning.
    std::size_t pairs = 0;
};

/// One class among the others.
struct ClassNeighborhood {
    std::int32_t label = 0;
    std::size_t count = 0;      ///< Rows.
    double spread = 0;          ///< Mean distance within the class; NaN with fewer than two rows.
    std::int32_t impostor = 0;  ///< The other class with the smallest mean distance; -1: there is none.
    double impostorDistance = 0;
};

struct ClassDistances {
    std::vector<ClassNeighborhood> classes;  ///< By label; only those with rows.
    std::vector<ClassDistance> matrix;       ///< [classes, classes] symmetric, within the classes on the diagonal.
    std::size_t rows = 0;                    ///< That were measured: labelled and finite.

    const ClassDistance& between(std::size_t a, std::size_t b) const { return matrix[a * classes.size() + b]; }
};

/// Over all pairs of rows, on all cores; O(N²): thin large sets before.
/// @param embeddings [N, dimension] row-major. @param labels [N] -1: left out, as are rows that are not finite.
/// @return nothing if stopped.
std::optional<ClassDistances> classDistances(std::span<const float> embeddings, int dimension,
                                             std::span<const std::int32_t> labels, std::stop_token stop = {});

}  // namespace embedscope
