#include "ui/scatter/thumbnail_store.h"

#include "ui/scatter/thumbnail.h"

#include <algorithm>

namespace embedscope {
namespace {

constexpr std::size_t kBatch = 64;  // so that the first pictures show soon

/// A small picture grows in hard-edged pixels, as the encoder sees it.
QImage scaledThumbnail(const DataSet& data, int sample, const QSize& size) {
    const QImage picture = thumbnailOf(data, static_cast<std::size_t>(sample));
    const bool grows = picture.width() <= size.width() && picture.height() <= size.height();
    return picture.scaled(size, Qt::KeepAspectRatio, grows ? Qt::FastTransformation : Qt::SmoothTransformation)
        .convertToFormat(QImage::Format_RGB32);
}

bool sameImages(const std::shared_ptr<const DataSet>& a, const std::shared_ptr<const DataSet>& b) {
    if (a == b) return true;
    return a && b && a->size() == b->size() && a->pixels.view().data() == b->pixels.view().data();
}

}  // namespace

ThumbnailStore::ThumbnailStore(QObject* parent)
    : QObject(parent), task_([this](Batch batch) { take(std::move(batch)); }) {}

void ThumbnailStore::setSource(std::shared_ptr<const DataSet> data, QSize size) {
    const bool same = sameImages(data, data_) && size == size_;
    data_ = std::move(data);
    size_ = size;
    if (same) return;
    wanted_.clear();
    pictures_.clear();
}

void ThumbnailStore::request(std::vector<int> samples) {
    std::erase_if(samples, [this](int sample) { return pictures_.contains(sample); });
    // More than fit would push each other out for ever.
    const auto room =
        static_cast<std::size_t>(kMostBytes / std::max<qsizetype>(1, qsizetype{4} * size_.width() * size_.height()));
    samples.resize(std::min(samples.size(), room / 2));
    const bool idle = wanted_.empty();
    wanted_ = std::move(samples);
    if (idle) makeNext();
}

void ThumbnailStore::makeNext() {
    if (!data_ || size_.isEmpty() || wanted_.empty()) return;
    const auto end = wanted_.begin() + static_cast<std::ptrdiff_t>(std::min(kBatch, wanted_.size()));
    task_.start([data = data_, size = size_, samples = std::vector<int>(wanted_.begin(), end)] {
        Batch batch{data, size, {}};
        for (const int sample : samples) batch.pictures.emplace_back(sample, scaledThumbnail(*data, sample, size));
        return batch;
    });
}

void ThumbnailStore::take(Batch batch) {
    if (!sameImages(batch.data, data_) || batch.size != size_) return makeNext();
    for (auto& [sample, picture] : batch.pictures) {
        std::erase(wanted_, sample);
        const qsizetype cost = picture.sizeInBytes();
        pictures_.insert(sample, new QImage(std::move(picture)), cost);
    }
    makeNext();
    if (!batch.pictures.empty()) Q_EMIT arrived();
}

}  // namespace embedscope
