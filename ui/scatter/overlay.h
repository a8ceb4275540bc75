#pragma once

#include "ui/scatter/points.h"

#include <QString>

#include <string>
#include <vector>

class QPainter;
class QPalette;

namespace embedscope {

/// Names of the axes in two corners, a scale bar, and thin lines through the origin.
void paintAxes(QPainter& painter, const Camera& camera, const std::vector<std::string>& names, const QPalette& palette);

/// The circle on which normalised embeddings lie, or the outline of their sphere. @param radius Of the layout; 0: none.
void paintSphere(QPainter& painter, const Camera& camera, double radius, const QPalette& palette);

/// A ring around a point.
void paintRing(QPainter& painter, QPointF screen, double radius, const QColor& color);

/// A sentence in the middle of an empty view.
void paintEmpty(QPainter& painter, const QSizeF& size, const QString& sentence, const QPalette& palette);

/// The classes with their colours, in a column; for pictures without a legend beside them.
void paintLegend(QPainter& painter, const QRectF& room, const DataSet& data, const QPalette& palette);

/// One mark as the renderers draw it, for legends.
void paintMark(QPainter& painter, QPointF centre, double radius, int label, bool hollow);

}  // namespace embedscope
