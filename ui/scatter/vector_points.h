#pragma once

#include "ui/scatter/points.h"

class QPainter;

namespace embedscope {

/// More make files that no program opens in reasonable time.
inline constexpr std::size_t kMostVectorPoints = 50'000;

/// Every point in view as a shape, in their order, as the surfaces draw them; for printers and vector files.
void paintVectorPoints(QPainter& painter, const DrawnPoints& points, const ScatterFrame& frame);

}  // namespace embedscope
