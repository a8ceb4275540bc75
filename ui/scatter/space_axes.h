#pragma once

#include "ui/scatter/points.h"

#include <string>
#include <vector>

class QPainter;
class QPalette;

namespace embedscope {

/// A box around the points and the three axes through their middle; a scale bar where lengths compare, which is without
/// perspective.
void paintSpaceAxes(QPainter& painter, const ScatterFrame& frame, const QPalette& palette);

/// At the ends of the axes, for above the points.
void paintSpaceNames(QPainter& painter, const ScatterFrame& frame, const std::vector<std::string>& names,
                     const QPalette& palette);

}  // namespace embedscope
