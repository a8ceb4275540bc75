#pragma once

#include "ui/scatter/map_place.h"

#include <QImage>
#include <QPainter>
#include <QPalette>
#include <QPointF>

#include <vector>

namespace embedscope {

/// A picture that is no sample, shown where it would lie.
struct QueryMark {
    MapPlace place;
    QImage picture;
    std::vector<int> neighbors;  ///< Samples that lines lead to.
};

/// A cross at the place and the picture in a frame above it.
void paintQueryMark(QPainter& painter, QPointF screen, const QImage& picture, const QPalette& palette);

}  // namespace embedscope
