#pragma once

#include <Eigen/Core>

#include <cstdint>
#include <span>
#include <vector>

namespace embedscope {

using RowMatrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// Labelled rows made ready for matrix products: centred and scaled into the unit ball, which leaves the order of
/// distances alone and keeps |x|² + |y|² - 2xy from cancelling when an embedding has collapsed far from the origin.
struct Gallery {
    std::vector<std::size_t> rows;     ///< Of the caller's embeddings, ascending.
    std::vector<std::int32_t> labels;  ///< [M] of these rows.
    std::vector<std::size_t> matches;  ///< [M] other rows with the same label.
    RowMatrix points;                  ///< [M, D]; a row that is not finite is zero here.
    Eigen::VectorXf squaredNorms;      ///< [M]; infinite for a row that is not finite.

    std::size_t size() const { return rows.size(); }
    bool isFinite(std::size_t i) const { return squaredNorms[static_cast<Eigen::Index>(i)] < 4; }
};

/// @param embeddings [N, dimension] row-major. Rows with a negative label are left out.
Gallery makeGallery(std::span<const float> embeddings, int dimension, std::span<const std::int32_t> labels);

}  // namespace embedscope
