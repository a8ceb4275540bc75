#include "engine/evaluation/gallery.h"

#include <cassert>
#include <limits>
#include <unordered_map>

namespace embedscope {
namespace {

using ConstRow = Eigen::Map<const Eigen::RowVectorXf>;

ConstRow rowOf(std::span<const float> embeddings, int dimension, std::size_t row) {
    return {embeddings.data() + row * static_cast<std::size_t>(dimension), dimension};
}

void selectRows(Gallery& gallery, std::span<const std::int32_t> labels) {
    std::unordered_map<std::int32_t, std::size_t> classSizes;
    for (std::size_t row = 0; row < labels.size(); ++row) {
        if (labels[row] < 0) continue;
        gallery.rows.push_back(row);
        gallery.labels.push_back(labels[row]);
        ++classSizes[labels[row]];
    }
    for (const std::int32_t label : gallery.labels) gallery.matches.push_back(classSizes[label] - 1);
}

Eigen::RowVectorXd meanOfFiniteRows(const Gallery& gallery, std::span<const float> embeddings, int dimension) {
    Eigen::RowVectorXd sum = Eigen::RowVectorXd::Zero(dimension);
    std::size_t count = 0;
    for (const std::size_t row : gallery.rows) {
        const ConstRow values = rowOf(embeddings, dimension, row);
        if (!values.allFinite()) continue;
        sum += values.cast<double>();
        ++count;
    }
    return count == 0 ? sum : sum / static_cast<double>(count);
}

}  // namespace

Gallery makeGallery(std::span<const float> embeddings, int dimension, std::span<const std::int32_t> labels) {
    assert(dimension > 0 && embeddings.size() == labels.size() * static_cast<std::size_t>(dimension));
    Gallery gallery;
    selectRows(gallery, labels);
    const Eigen::RowVectorXd mean = meanOfFiniteRows(gallery, embeddings, dimension);
    double radius = 0;
    for (const std::size_t row : gallery.rows) {
        const ConstRow values = rowOf(embeddings, dimension, row);
        if (values.allFinite()) radius = std::max(radius, (values.cast<double>() - mean).norm());
    }
    const double scale = radius > 0 ? 1 / radius : 1;

    const auto count = static_cast<Eigen::Index>(gallery.size());
    gallery.points = RowMatrix::Zero(count, dimension);
    gallery.squaredNorms.resize(count);
    for (Eigen::Index i = 0; i < count; ++i) {
        const ConstRow values = rowOf(embeddings, dimension, gallery.rows[i]);
        const bool finite = values.allFinite();
        if (finite) gallery.points.row(i) = ((values.cast<double>() - mean) * scale).cast<float>();
        gallery.squaredNorms[i] = finite ? gallery.points.row(i).squaredNorm() : std::numeric_limits<float>::infinity();
    }
    return gallery;
}

}  // namespace embedscope
