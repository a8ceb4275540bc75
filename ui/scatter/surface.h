#pragma once

#include "ui/scatter/points.h"

#include <QString>

#include <functional>

class QPainter;
class QWidget;

namespace embedscope {

/// What a surface asks for when it paints.
struct SurfaceSource {
    std::function<const DrawnPoints&()> points;
    std::function<ScatterFrame()> frame;
    std::function<void(QPainter&)> paintOverlay;  ///< Axes, rings, lines: the same on both surfaces.
};

/// Draws the points: OpenGL or raster.
class ScatterSurface {
public:
    virtual ~ScatterSurface() = default;
    virtual QWidget* widget() = 0;
    /// The points changed: take them anew at the next paint.
    virtual void invalidatePoints() = 0;
    /// For the status line, e.g. "OpenGL 3.3 (llvmpipe)" or "CPU".
    virtual QString name() const = 0;
};

}  // namespace embedscope
