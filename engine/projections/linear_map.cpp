#include "engine/projections/linear_map.h"

#include "engine/projections/discriminant.h"
#include "engine/projections/projection_rows.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace embedscope {
namespace {

constexpr int kExactUpTo = 256;  // dimensions

CatalogEntry entryWith(std::string id, std::string label, std::string help, std::string formula, std::string source) {
    CatalogEntry entry;
    entry.id = std::move(id);
    entry.label = std::move(label);
    entry.group = "Linear maps";
    entry.help = std::move(help);
    entry.formula = std::move(formula);
    entry.source = std::move(source);
    return entry;
}

Parameter axisParameter(const char* id, const char* label, double standard) {
    return {id, label, "", "Which number of the embedding is drawn along this axis.", 1, 512, 1, standard, true, {}};
}

std::optional<LinearMap> projected(SpaceView space, std::span<const std::int32_t> labels, bool principal, int dims,
                                   const std::stop_token& stop) {
    const RowsView<float> rows(space.rows.data(), static_cast<Eigen::Index>(space.count()), space.dimension);
    std::optional<PcaBasis> basis;
    if (!principal) {
        basis = discriminantAxes(rows, labels, dims, stop);
    } else {
        basis = space.dimension <= kExactUpTo ? exactPca(rows, dims, stop) : iteratedPca(rows, dims, {}, stop);
    }
    if (!basis) return std::nullopt;
    LinearMap map;
    map.coordinates.resize(space.count() * static_cast<std::size_t>(dims));
    const Eigen::RowVectorXd offset = basis->mean * basis->axes;
    for (Eigen::Index i = 0; i < rows.rows(); ++i) {
        const Eigen::RowVectorXd place = rows.row(i).cast<double>() * basis->axes - offset;
        for (Eigen::Index d = 0; d < place.cols(); ++d)
            map.coordinates[static_cast<std::size_t>(i * dims + d)] = static_cast<float>(place[d]);
    }
    for (int d = 0; d < dims; ++d) {
        const double share =
            d < basis->variances.size() && basis->totalVariance > 0 ? basis->variances[d] / basis->totalVariance : 0;
        map.axisNames.push_back((principal ? "PC " : "LD ") + std::to_string(d + 1) + " (" +
                                std::to_string(std::lround(100 * share)) + " %)");
    }
    return map;
}

LinearMap rawAxes(SpaceView space, const ParameterValues& parameters, int dims) {
    static constexpr const char* kIds[] = {"x_axis", "y_axis", "z_axis"};
    LinearMap map;
    map.coordinates.resize(space.count() * static_cast<std::size_t>(dims));
    for (int d = 0; d < dims; ++d) {
        const int axis = static_cast<int>(valueOf(rawAxesRow().entry, parameters, kIds[d]));
        if (axis > space.dimension)
            throw std::invalid_argument("The embedding has " + std::to_string(space.dimension) + " numbers and no " +
                                        std::to_string(axis) + "th; choose another \"" + kIds[d] + "\".");
        for (std::size_t i = 0; i < space.count(); ++i)
            map.coordinates[i * static_cast<std::size_t>(dims) + static_cast<std::size_t>(d)] = space.row(i)[axis - 1];
        map.axisNames.push_back("x" + std::to_string(axis));
    }
    return map;
}

}  // namespace

const ProjectionRow& principalRow() {
    static const ProjectionRow row{
        entryWith(
            "pca", "PCA",
            "The flat view with most variance: turns the space and leaves the rest out, bends nothing. Frames can be "
            "compared with each other.",
            "x - mean on the leading eigenvectors of the covariance", "Pearson 1901; Hotelling 1933"),
        {}};
    return row;
}

const ProjectionRow& discriminantRow() {
    static const ProjectionRow row{
        entryWith("lda", "Discriminant",
                  "The flat view that parts the labelled classes best: flatters them, so look at the hold-out too.",
                  "max between-class / within-class variance", "Fisher 1936; Rao 1948"),
        {}};
    return row;
}

const ProjectionRow& rawAxesRow() {
    static const ProjectionRow row = [] {
        ProjectionRow raw{
            entryWith("raw", "Raw axes",
                      "Numbers of the embedding as they are: with two dimensions the whole truth, and for "
                      "normalised embeddings the circle.",
                      "x_i, x_j", ""),
            {}};
        raw.entry.parameters = {axisParameter("x_axis", "Across", 1), axisParameter("y_axis", "Up", 2),
                                axisParameter("z_axis", "Deep", 3)};
        return raw;
    }();
    return row;
}

double sphereRadius(SpaceView space) {
    constexpr double kExactly = 1e-3;
    double least = std::numeric_limits<double>::infinity(), most = 0;
    for (std::size_t i = 0; i < space.count(); ++i) {
        double squared = 0;
        for (int k = 0; k < space.dimension; ++k) squared += std::pow(static_cast<double>(space.row(i)[k]), 2);
        least = std::min(least, squared);
        most = std::max(most, squared);
    }
    return most > 0 && std::sqrt(most) - std::sqrt(least) <= kExactly * std::sqrt(most) ? std::sqrt(most) : 0;
}

std::optional<LinearMap> linearMap(SpaceView space, std::span<const std::int32_t> labels, const Choice& method,
                                   int dims, std::stop_token stop) {
    if (method.id == rawAxesRow().entry.id) return rawAxes(space, method.parameters, dims);
    return projected(space, labels, method.id == principalRow().entry.id, dims, stop);
}

}  // namespace embedscope
