#include "ui/scatter/thumbnail_store.h"

#include "ui/same_images.h"
#include "ui/scatter/thumbnail.h"

#include <QPainter>

#include <algorithm>

namespace embedscope {
namespace {

constexpr std::size_t kBatch = 64;  // so that the first pictures show soon

QImage pictureAt(const DataSet& data, int sample, int side) {
    QImage picture = thumbnailOf(data, static_cast<std::size_t>(sample));
    if (std::max(picture.width(), picture.height()) > side)
        picture = picture.scaled(side, side, Qt::KeepAspectRatio, Qt::SmoothTransformation);
    return picture.convertToFormat(QImage::Format_RGB32);
}

int longerSide(const DataSet& data) {
    return std::max(data.shape.width, data.shape.height);
}

}  // namespace

ThumbnailStore::ThumbnailStore(QObject* parent)
    : QObject(parent), task_([this](Batch batch) { take(std::move(batch)); }) {}

void ThumbnailStore::setSource(std::shared_ptr<const DataSet> data) {
    const bool same = sameImages(data, data_);
    data_ = std::move(data);
    if (same) return;
    wanted_.clear();
    pictures_.clear();
}

/// Beyond the first level that holds an image as it is, all are the same.
std::size_t ThumbnailStore::levelOf(int side) const {
    const int enough = data_ ? std::min(side, longerSide(*data_)) : side;
    const auto level = std::ranges::lower_bound(kLevels, enough);
    return static_cast<std::size_t>(std::min(level, kLevels.end() - 1) - kLevels.begin());
}

const QImage* ThumbnailStore::find(int sample, int side) const {
    const std::size_t wanted = levelOf(side);
    for (std::size_t level = wanted; level < kLevels.size(); ++level)
        if (const QImage* picture = pictures_.object(keyOf(sample, level))) return picture;
    for (std::size_t level = wanted; level-- > 0;)
        if (const QImage* picture = pictures_.object(keyOf(sample, level))) return picture;
    return nullptr;
}

/// More would push each other out for ever.
std::size_t ThumbnailStore::mostAt(std::size_t level) const {
    const qsizetype pixels = data_ ? std::min(kLevels[level], longerSide(*data_)) : kLevels[level];
    return static_cast<std::size_t>(kMostBytes / std::max<qsizetype>(1, 4 * pixels * pixels)) / 2;
}

void ThumbnailStore::request(std::vector<int> samples, int side) {
    highest_ = kLevels.size() - 1;
    while (highest_ > 0 && samples.size() > mostAt(highest_)) --highest_;
    const std::size_t level = std::min(levelOf(side), highest_);
    std::erase_if(samples, [&](int sample) { return pictures_.contains(keyOf(sample, level)); });
    samples.resize(std::min(samples.size(), mostAt(level)));
    const bool idle = wanted_.empty();
    wanted_ = std::move(samples);
    wantedLevel_ = level;
    if (idle) makeNext();
}

void ThumbnailStore::makeNext() {
    if (!data_ || wanted_.empty()) return;
    const auto end = wanted_.begin() + static_cast<std::ptrdiff_t>(std::min(kBatch, wanted_.size()));
    task_.start([data = data_, level = wantedLevel_, samples = std::vector<int>(wanted_.begin(), end)] {
        Batch batch{data, level, {}};
        for (const int sample : samples) batch.pictures.emplace_back(sample, pictureAt(*data, sample, kLevels[level]));
        return batch;
    });
}

void ThumbnailStore::take(Batch batch) {
    if (!sameImages(batch.data, data_)) return makeNext();
    for (auto& [sample, picture] : batch.pictures) {
        if (batch.level == wantedLevel_) std::erase(wanted_, sample);
        const qsizetype cost = picture.sizeInBytes();
        pictures_.insert(keyOf(sample, batch.level), new QImage(std::move(picture)), cost);
    }
    makeNext();
    if (!batch.pictures.empty()) Q_EMIT arrived();
}

QRectF roomOf(const QImage& picture, const QRectF& place) {
    QRectF room(QPointF(), QSizeF(picture.size()).scaled(place.size(), Qt::KeepAspectRatio));
    room.moveCenter(place.center());
    return room;
}

void drawThumbnail(QPainter& painter, const QRectF& room, const QImage& picture) {
    const double ratio = painter.device()->devicePixelRatio();
    painter.setRenderHint(QPainter::SmoothPixmapTransform, picture.width() > room.width() * ratio);
    painter.drawImage(room, picture);
}

}  // namespace embedscope
