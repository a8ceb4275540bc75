#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

namespace embedscope {

/// Points of a map, an array per axis: what the vector units of a processor read best.
template <typename Scalar>
struct MapPoints {
    int dims = 2;                             ///< 2 or 3.
    std::array<std::vector<Scalar>, 3> axis;  ///< [dims][count]

    MapPoints() = default;
    MapPoints(int dimensions, std::size_t count) : dims(dimensions) {
        for (int d = 0; d < dims; ++d) at(d).resize(count);
    }
    std::size_t count() const { return axis[0].size(); }
    std::vector<Scalar>& at(int d) { return axis[static_cast<std::size_t>(d)]; }
    const std::vector<Scalar>& at(int d) const { return axis[static_cast<std::size_t>(d)]; }
};

/// From [count, dims] row-major and back.
template <typename Scalar>
MapPoints<Scalar> pointsOf(std::span<const Scalar> rows, int dims) {
    const auto width = static_cast<std::size_t>(dims);
    MapPoints<Scalar> points(dims, rows.size() / width);
    for (std::size_t d = 0; d < width; ++d)
        for (std::size_t i = 0; i < points.count(); ++i) points.axis[d][i] = rows[i * width + d];
    return points;
}

template <typename Scalar>
std::vector<Scalar> rowsOf(const MapPoints<Scalar>& points) {
    const auto width = static_cast<std::size_t>(points.dims);
    std::vector<Scalar> rows(points.count() * width);
    for (std::size_t d = 0; d < width; ++d)
        for (std::size_t i = 0; i < points.count(); ++i) rows[i * width + d] = points.axis[d][i];
    return rows;
}

}  // namespace embedscope
