#pragma once

#include "ui/scatter/seen_points.h"

#include <vector>

class QPainter;

namespace embedscope {

/// More make files that no program opens in reasonable time.
inline constexpr std::size_t kMostVectorPoints = 50'000;

/// Every point in view as a shape, in the order in which the surfaces draw them; for printers and vector files.
void paintVectorPoints(QPainter& painter, const std::vector<PointLayer>& layers);

}  // namespace embedscope
