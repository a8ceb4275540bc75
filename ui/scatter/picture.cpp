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

}  // namespace

QImage renderPicture(const Layout& layout, const DataSet& data, QSize size, bool dark) {
    const QPalette palette = paletteOf(dark);
    const QSize plotSize(std::max(64, size.width() - kLegendWidth), std::max(64, size.height() - kTitleHeight));
    const DrawnPoints points = pointsOf(layout, data);
    ScatterFrame frame;
    frame.camera.viewport = plotSize;
    frame.camera.fit(extentOf(points));
    frame.ground = palette.color(QPalette::Base).rgb();
    setDensity(frame, points.size());

    QImage plot(plotSize, QImage::Format_RGB32);
    plot.fill(frame.ground);
    {
        QPainter painter(&plot);
        paintAxes(painter, frame.camera, layout.axisNames, palette);
    }
    MarkCache marks;
    rasterizePoints(plot, points, frame, marks);

    QImage image(size, QImage::Format_RGB32);
    image.fill(frame.ground);
    QPainter painter(&image);
    painter.drawImage(0, kTitleHeight, plot);
    painter.setPen(palette.color(QPalette::Text));
    painter.drawText(QRect(16, 0, size.width() - 32, kTitleHeight), Qt::AlignVCenter | Qt::AlignLeft,
                     QString("%1  ·  step %2").arg(QString::fromStdString(data.name)).arg(layout.step));
    paintLegend(painter, QRectF(plotSize.width(), kTitleHeight, kLegendWidth - 8, plotSize.height()), data, palette);
    return image;
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
