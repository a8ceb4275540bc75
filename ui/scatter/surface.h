#pragma once

#include "ui/scatter/seen_points.h"

#include <QString>

#include <functional>

class QPainter;
class QWidget;

namespace embedscope {

/// What a surface asks for when it paints.
struct SurfaceSource {
    std::function<const DrawnPoints&()> points;  ///< As the layout has them.
    std::function<const PointDepths&()> depths;
    std::function<SeenPoints()> seen;
    std::function<ScatterFrame()> frame;
    std::function<void(QPainter&)> paintGround;   ///< Axes, below the points.
    std::function<void(QPainter&)> paintOverlay;  ///< Names, rings, lines.
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
    /// Processor time of the last paint; see frame_pace.h.
    double paintMilliseconds() const { return paintMilliseconds_; }
    /// How long the last paint took.
    double paintDuration() const { return paintDuration_; }

protected:
    double paintMilliseconds_ = 0, paintDuration_ = 0;
};

}  // namespace embedscope
