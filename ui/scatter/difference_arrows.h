#pragma once

#include "engine/projection.h"

#include <QColor>
#include <QPointF>

#include <cstdint>
#include <vector>

class QPainter;

namespace embedscope {

/// From where another layout has a sample to where it is drawn. Logical pixels of the view.
struct SampleArrow {
    int sample = -1;
    QPointF from, to;
    QColor color;
};

/// So many arrows can still be told apart.
inline constexpr std::size_t kMostArrows = 300;

/// [samples of the data set] the row of the layout, or -1.
std::vector<std::int32_t> rowsOfSamples(const Layout& layout, std::size_t samples);

/// Arrows shorter than a few pixels are left out.
void paintArrows(QPainter& painter, const std::vector<SampleArrow>& arrows);

}  // namespace embedscope
