// The embedding view as a file, as it is seen.
#include "ui/scatter/embedding_view.h"
#include "ui/scatter/svg_picture.h"
#include "ui/scatter/threaded_raster.h"
#include "ui/scatter/vector_points.h"

#include <QDir>
#include <QLocale>
#include <QPageSize>
#include <QPainter>
#include <QPdfWriter>
#include <QSaveFile>

#include <algorithm>
#include <stdexcept>

namespace embedscope {
namespace {

constexpr int kDotsPerInch = 96;  // a logical pixel is a dot, so that fonts keep their size

[[noreturn]] void failToWrite(const QString& file) {
    throw std::runtime_error(QObject::tr("\"%1\" cannot be written; check the folder and the free space.")
                                 .arg(QDir::toNativeSeparators(file))
                                 .toStdString());
}

}  // namespace

QImage EmbeddingView::seenPicture(double scale) {
    QImage image(size() * scale, QImage::Format_RGB32);
    image.setDevicePixelRatio(scale);
    const ScatterFrame now = frame();
    image.fill(now.ground);
    QPainter painter(&image);
    paintGround(painter);
    painter.end();
    ThreadedRaster().draw(image, layersOf(seen(), now));
    painter.begin(&image);
    paintOverlay(painter);
    return image;
}

void EmbeddingView::savePicture(const QString& file) {
    if (!layout_) throw std::runtime_error(tr("There is nothing to save yet; start a run.").toStdString());
    if (file.endsWith(".pdf", Qt::CaseInsensitive))
        writePdf(file);
    else if (file.endsWith(".svg", Qt::CaseInsensitive))
        writeSvg(file);
    else if (!seenPicture(2).save(file))
        failToWrite(file);
}

void EmbeddingView::refuseTooManyVectors() const {
    const auto drawn =
        std::ranges::count_if(points_, [](const DrawnPoint& point) { return !(point.style & kHiddenStyle); });
    if (static_cast<std::size_t>(drawn) > kMostVectorPoints)
        throw std::runtime_error(
            tr("%1 points are too many for a vector file, which takes 50,000; save a PNG, or hide some.")
                .arg(QLocale().toString(static_cast<qlonglong>(drawn)))
                .toStdString());
}

void EmbeddingView::paintVectors(QPainter& painter) {
    const ScatterFrame now = frame();
    painter.fillRect(rect(), QColor::fromRgb(now.ground));
    paintGround(painter);
    paintVectorPoints(painter, layersOf(seen(), now));
    paintOverlay(painter);
}

void EmbeddingView::writePdf(const QString& file) {
    refuseTooManyVectors();
    QPdfWriter writer(file);
    writer.setResolution(kDotsPerInch);
    writer.setPageSize(QPageSize(QSizeF(size()) / kDotsPerInch, QPageSize::Inch));
    writer.setPageMargins({});
    QPainter painter;
    if (!painter.begin(&writer)) failToWrite(file);
    paintVectors(painter);
    if (!painter.end()) failToWrite(file);
}

void EmbeddingView::writeSvg(const QString& file) {
    refuseTooManyVectors();
    SvgPicture picture(size());
    QPainter painter(&picture);
    paintVectors(painter);
    painter.end();
    QSaveFile saved(file);
    const QByteArray bytes = picture.text().toUtf8();
    if (!saved.open(QSaveFile::WriteOnly) || saved.write(bytes) != bytes.size() || !saved.commit()) failToWrite(file);
}

}  // namespace embedscope
