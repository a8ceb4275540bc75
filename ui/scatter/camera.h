#pragma once

#include <QPointF>
#include <QRectF>
#include <QSizeF>

namespace embedscope {

/// Where the view looks: one scale for both axes, y upwards. A value.
struct Camera {
    QPointF centre;            ///< World point in the middle of the view.
    double pixelsPerUnit = 1;  ///< Logical pixels for one unit of the embedding.
    QSizeF viewport{1, 1};     ///< Logical pixels.

    QPointF screenFromWorld(QPointF world) const;
    QPointF worldFromScreen(QPointF screen) const;

    /// Scales by `factor` with the world point under `cursor` staying there.
    void zoomAt(QPointF cursor, double factor);
    /// Moves what is seen by `offset` in logical pixels.
    void panBy(QPointF offset);
    /// Shows `world` with a border of a tenth around it.
    void fit(const QRectF& world);
};

}  // namespace embedscope
