#include "engine/projections/split_places.h"

#include <utility>

namespace embedscope {

Places splitPlaces(std::vector<float> rows, int dims) {
    if (dims == 2) return {std::move(rows), {}};
    Places places;
    places.coordinates.reserve(rows.size() / 3 * 2);
    places.depths.reserve(rows.size() / 3);
    for (std::size_t i = 0; i < rows.size(); i += 3) {
        places.coordinates.insert(places.coordinates.end(), {rows[i], rows[i + 1]});
        places.depths.push_back(rows[i + 2]);
    }
    return places;
}

std::vector<float> joinedPlaces(const Layout& layout) {
    if (layout.depths.empty()) return layout.coordinates;
    std::vector<float> rows;
    rows.reserve(3 * layout.depths.size());
    for (std::size_t i = 0; i < layout.depths.size(); ++i)
        rows.insert(rows.end(), {layout.coordinates[2 * i], layout.coordinates[2 * i + 1], layout.depths[i]});
    return rows;
}

}  // namespace embedscope
