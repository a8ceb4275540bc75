#pragma once

#include "ui/scatter/points.h"

#include <string>
#include <vector>

class QPainter;
class QPalette;

namespace embedscope {

/// The box around the points' ball, and the three axes through its middle with their names; a scale bar where lengths
/// compare, which is without perspective.
void paintSpaceAxes(QPainter& painter, const ScatterFrame& frame, const std::vector<std::string>& names,
                    const QPalette& palette);

}  // namespace embedscope
