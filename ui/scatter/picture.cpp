#include "ui/scatter/picture.h"

#include "ui/scatter/overlay.h"
#include "ui/scatter/rasterize.h"

#include <QPainter>
#include <QPalette>

namespace embedscope {
namespace {

constexpr int kLegendWidth = 170;
constexpr int kTitleHeight = 40;

QPalette paletteOf(bool dark) {
    QPalette palette;
    palette.setColor(QPalette::Base, dark ? QColor(0x14, 0x16, 0x1b) : QColor(Qt::white));
    palette.setColor(QPalette::Text, dark ? QColor(0xe6, 0xe9, 0xee) : QColor(0x1c, 0x21, 0x29));
    return palette;
}

QSize plotSizeOf(QSize size) {
    return {std::max(64, size.width() - kLegendWidth), std::max(64, size.height() - kTitleHeight)};
}

QString titleOf(const Layout& layout, const DataSet& data) {
    QString title = QString("%1  ·  step %2").arg(QString::fromStdString(data.name)).arg(layout.step);
    if (layout.mapStep > 0)
        title += "  ·  " + QString::fromStdString(entryOf(projectionCatalog(), layout.method, "projection").label);
    if (layout.mapStep > 0 && layout.quality)
        title += QString("  ·  trust %1").arg(layout.quality->trustworthiness, 0, 'f', 3);
    return title;
}

QImage draw(const Layout& layout, const DataSet& data, const DrawnPoints& points, const Camera& camera, QSize size,
            const QPalette& palette) {
    ScatterFrame frame;
    frame.camera = camera;
    frame.ground = palette.color(QPalette::Base).rgb();
    setDensity(frame, points.size());

    const QSize plotSize = plotSizeOf(size);
    QImage plot(plotSize, QImage::Format_RGB32);
    plot.fill(frame.ground);
    {
        QPainter painter(&plot);
        paintAxes(painter, frame.camera, layout.axisNames, palette);
        paintSphere(painter, frame.camera.screenFromWorld({0, 0}), layout.sphereRadius * frame.camera.pixelsPerUnit,
                    palette);
    }
    MarkCache marks;
    rasterizePoints(plot, points, frame, marks);

    QImage image(size, QImage::Format_RGB32);
    image.fill(frame.ground);
    QPainter painter(&image);
    painter.drawImage(0, kTitleHeight, plot);
    painter.setPen(palette.color(QPalette::Text));
    painter.drawText(QRect(16, 0, size.width() - 32, kTitleHeight), Qt::AlignVCenter | Qt::AlignLeft,
                     titleOf(layout, data));
    paintLegend(painter, QRectF(plotSize.width(), kTitleHeight, kLegendWidth - 8, plotSize.height()), data, palette);
    return image;
}

}  // namespace

QImage renderPicture(const Layout& layout, const DataSet& data, QSize size, bool dark) {
    const DrawnPoints points = pointsOf(layout, data);
    Camera camera;
    camera.viewport = plotSizeOf(size);
    camera.fit(extentOf(points));
    return draw(layout, data, points, camera, size, paletteOf(dark));
}

QImage PictureSequence::next(const Layout& layout, const DataSet& data, double milliseconds) {
    const DrawnPoints points = pointsOf(layout, data);
    const QRectF extent = extentOf(points);
    camera_.viewport = plotSizeOf(size_);
    if (begun_)
        camera_ = follow_.next(camera_, extent, milliseconds);
    else
        camera_.fit(extent);
    begun_ = true;
    return draw(layout, data, points, camera_, size_, paletteOf(dark_));
}

QImage renderThumbnail(const Layout& layout, const DataSet& data, QSize size, bool dark) {
    const DrawnPoints points = pointsOf(layout, data);
    ScatterFrame frame;
    frame.camera.viewport = size;
    frame.camera.fit(extentOf(points));
    frame.ground = paletteOf(dark).color(QPalette::Base).rgb();
    setDensity(frame, points.size());
    frame.radius = 1.5F;
    QImage image(size, QImage::Format_RGB32);
    image.fill(frame.ground);
    MarkCache marks;
    rasterizePoints(image, points, frame, marks);
    return image;
}

}  // namespace embedscope
