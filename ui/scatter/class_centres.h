#pragma once

#include "ui/scatter/points.h"

#include <QPalette>

#include <vector>

class QPainter;

namespace embedscope {

/// The middle of a class, at both ends of the glide.
struct ClassCentre {
    int label = 0;
    MapPlace from, to;
};

/// Mean of the visible points of every class that has some, by label; unlabelled points have no centre.
std::vector<ClassCentre> classCentres(const DrawnPoints& points, const PointDepths& depths, const Layout& layout,
                                      const DataSet& data);

/// The names of the classes at their centres; of two that would overlap only the first is written.
void paintClassNames(QPainter& painter, const std::vector<ClassCentre>& centres, const DataSet& data,
                     const ScatterFrame& frame, const QPalette& palette);

}  // namespace embedscope
