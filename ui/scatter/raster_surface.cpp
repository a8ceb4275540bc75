#include "ui/scatter/raster_surface.h"

#include "engine/thread_clock.h"

#include <QElapsedTimer>
#include <QPainter>

namespace embedscope {

RasterSurface::RasterSurface(SurfaceSource source, QWidget* parent) : QWidget(parent), source_(std::move(source)) {
    setAttribute(Qt::WA_OpaquePaintEvent);
    setMouseTracking(true);
}

void RasterSurface::paintEvent(QPaintEvent*) {
    const double begin = threadMilliseconds();
    QElapsedTimer clock;
    clock.start();
    const QSize pixels = size() * devicePixelRatioF();
    if (image_.size() != pixels) image_ = QImage(pixels, QImage::Format_RGB32);
    image_.setDevicePixelRatio(devicePixelRatioF());
    const ScatterFrame frame = source_.frame();
    image_.fill(frame.ground);
    {
        QPainter painter(&image_);
        source_.paintGround(painter);
    }
    const double others = raster_.draw(image_, layersOf(source_.seen(), frame));  // milliseconds of other threads
    QPainter painter(this);
    painter.drawImage(QPoint(), image_);
    source_.paintOverlay(painter);
    paintMilliseconds_ = threadMilliseconds() - begin + others;
    paintDuration_ = static_cast<double>(clock.nsecsElapsed()) / 1e6;
}

}  // namespace embedscope
