#pragma once

#include "engine/projections/pca.h"

#include <cstdint>
#include <span>

namespace embedscope {

/// The directions that part the classes best: most variance between their means for the variance within them (Fisher
/// 1936; Rao 1948). Beyond the number of classes - 1 there are none; principal axes of what is left follow.
/// @param labels [N] -1: does not count. @return nothing if stopped. Unit columns; variances are those along them.
/// @throws std::invalid_argument with fewer than two classes.
std::optional<PcaBasis> discriminantAxes(const RowsView<float>& rows, std::span<const std::int32_t> labels,
                                         int components, std::stop_token stop = {});

}  // namespace embedscope
