#pragma once

#include "ui/scatter/seen_points.h"

#include <QPolygonF>

#include <vector>

class QPainter;

namespace embedscope {

/// What is drawn around each class: nothing, the ellipse of two standard deviations, or the convex hull of the 95 %
/// that lie nearest to the class's median, so that one stray point does not blow it up.
enum class ClassOutline { None, Ellipse, Hull };

struct OutlinedClass {
    int label = 0;
    QPolygonF outline;  ///< World coordinates, closed, at the end of the glide.
};

/// Of the classes with at least three points that are not hidden, as they are seen.
std::vector<OutlinedClass> classOutlines(const SeenPoints& seen, const Layout& layout, const DataSet& data,
                                         ClassOutline kind);

/// The smallest convex polygon that holds all places (Andrew 1979); its corners counter-clockwise, the first not
/// repeated.
QPolygonF convexHull(std::vector<QPointF> places);

/// The given share of them, nearest to their median of either axis; of fewer than 20 all for 95 %.
std::vector<QPointF> nearestToMedian(std::vector<QPointF> places, double share);

void paintClassOutlines(QPainter& painter, const std::vector<OutlinedClass>& outlines, const Camera& camera);

}  // namespace embedscope
