#include "ui/replay_saver.h"

#include "ui/scatter/animated_png.h"
#include "ui/scatter/embedding_view.h"

#include <QDir>
#include <QImage>
#include <QLocale>
#include <QPainter>

#include <exception>
#include <optional>
#include <stdexcept>
#include <utility>

namespace embedscope {
namespace {

/// What all frames lie in, so that the camera stands still; none for points in space, whose middle it follows.
std::optional<QRectF> extentOfAll(const ReplaySaver::Frames& frames) {
    QRectF box;
    for (const auto& frame : frames) {
        if (isInSpace(*frame)) return std::nullopt;
        DrawnPoints points(frame->samples->size());
        for (std::size_t row = 0; row < points.size(); ++row) {
            const MapPlace place = placeOf(*frame, row);
            points[row].toX = place.x;
            points[row].toY = place.y;
        }
        box = box.isNull() ? extentOf(points) : box.united(extentOf(points));
    }
    return box;
}

void writeStep(QImage& image, std::int64_t step, const QPalette& palette) {
    QPainter painter(&image);
    painter.setPen(palette.color(QPalette::Text));
    painter.drawText(QRectF(16, 12, 300, 24), Qt::AlignLeft | Qt::AlignVCenter,
                     QObject::tr("step %1").arg(QLocale().toString(static_cast<qlonglong>(step))));
}

}  // namespace

ReplaySaver::ReplaySaver(EmbeddingView& view)
    : QObject(&view), view_(view), task_([this](const QString& problem) {
          if (!problem.isEmpty()) return end(problem);
          ++next_;
          Q_EMIT progressed(static_cast<int>(next_), static_cast<int>(frames_.size()));
          saveNext();
      }) {}

ReplaySaver::~ReplaySaver() = default;

void ReplaySaver::saveAnimation(const QString& file, Frames frames, int milliseconds) {
    if (frames.empty() || isSaving()) return;
    try {
        auto animation = std::make_shared<AnimatedPng>(file, static_cast<int>(frames.size()), milliseconds);
        const std::size_t last = frames.size() - 1;
        begin(
            std::move(frames),
            [animation, last](std::size_t index, const QImage& image) {
                animation->add(image);
                if (index == last) animation->finish();
            },
            tr("The replay is written: %1.").arg(QDir::toNativeSeparators(file)));
    } catch (const std::exception& problem) {
        Q_EMIT failed(QString::fromUtf8(problem.what()));
    }
}

void ReplaySaver::savePictures(const QString& folder, Frames frames) {
    if (frames.empty() || isSaving()) return;
    const auto write = [folder](std::size_t index, const QImage& image) {
        const QString file = QDir(folder).filePath(QString("frame_%1.png").arg(index + 1, 4, 10, QChar('0')));
        if (!QDir().mkpath(folder) || !image.save(file))
            throw std::runtime_error(tr("\"%1\" cannot be written; check the folder and the free space.")
                                         .arg(QDir::toNativeSeparators(file))
                                         .toStdString());
    };
    const QString sentence =
        tr("%1 pictures are written: %2.").arg(frames.size()).arg(QDir::toNativeSeparators(folder));
    begin(std::move(frames), write, sentence);
}

void ReplaySaver::begin(Frames frames, Write write, QString sentence) {
    frames_ = std::move(frames);
    write_ = std::move(write);
    sentence_ = std::move(sentence);
    next_ = 0;
    if (view_.followsPoints()) view_.setSharedExtent(extentOfAll(frames_));
    saveNext();
}

void ReplaySaver::saveNext() {
    if (!isSaving()) return end({});
    view_.showLayout(frames_[next_]);
    view_.arriveAtOnce();
    QImage image = view_.seenPicture(1);
    writeStep(image, frames_[next_]->step, view_.palette());
    task_.start([write = write_, index = next_, image = std::move(image)] {
        try {
            write(index, image);
            return QString();
        } catch (const std::exception& problem) {
            return QString::fromUtf8(problem.what());
        }
    });
}

void ReplaySaver::end(const QString& problem) {
    frames_.clear();
    next_ = 0;
    write_ = nullptr;  // closes the file
    view_.setSharedExtent(std::nullopt);
    Q_EMIT finished(problem.isEmpty() ? sentence_ : QString());
    if (!problem.isEmpty()) Q_EMIT failed(problem);
}

}  // namespace embedscope
