#include "engine/projections/projection_rows.h"

#include <algorithm>
#include <array>

namespace embedscope {
namespace {

const std::array<const ProjectionRow* (*)(), 5> kRows{
    [] { return &principalRow(); }, [] { return &discriminantRow(); }, [] { return &rawAxesRow(); },
    [] { return &tsneRow(); },      [] { return &umapRow(); },
};

}  // namespace

const Catalog& projectionCatalog() {
    static const Catalog catalog = [] {
        Catalog entries;
        for (const auto row : kRows) entries.push_back(row()->entry);
        return entries;
    }();
    return catalog;
}

std::unique_ptr<MovingMap> makeMovingMap(const Choice& method, int dims, std::uint64_t seed, Workers& workers) {
    entryOf(projectionCatalog(), method.id, "projection");
    const auto found = std::ranges::find_if(kRows, [&](const auto row) { return row()->entry.id == method.id; });
    const ProjectionRow& row = *(*found)();
    if (!row.make) return nullptr;
    std::unique_ptr<MovingMap> map = row.make(dims, seed, workers);
    map->setParameters(method.parameters);
    return map;
}

}  // namespace embedscope
