#pragma once

#include "engine/projections/moving_map.h"

#include <functional>

namespace embedscope {

/// A way to draw the embedding space: what the forms say, and who makes it.
struct ProjectionRow {
    CatalogEntry entry;
    /// Empty for a linear map, which is computed at once.
    std::function<std::unique_ptr<MovingMap>(int dims, std::uint64_t seed, Workers& workers)> make;
};

const ProjectionRow& principalRow();
const ProjectionRow& discriminantRow();
const ProjectionRow& rawAxesRow();
const ProjectionRow& tsneRow();
const ProjectionRow& umapRow();

}  // namespace embedscope
