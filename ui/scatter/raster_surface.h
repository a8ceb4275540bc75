#pragma once

#include "ui/scatter/surface.h"
#include "ui/scatter/threaded_raster.h"

#include <QImage>
#include <QWidget>

namespace embedscope {

/// Where there is no usable OpenGL.
class RasterSurface : public QWidget, public ScatterSurface {
    Q_OBJECT
public:
    RasterSurface(SurfaceSource source, QWidget* parent);

    QWidget* widget() override { return this; }
    void invalidatePoints() override { update(); }
    QString name() const override { return tr("CPU raster"); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    SurfaceSource source_;
    QImage image_;
    ThreadedRaster raster_;
};

}  // namespace embedscope
