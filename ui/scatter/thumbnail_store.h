#pragma once

#include "engine/data_set.h"
#include "ui/inspector/newest_task.h"

#include <QCache>
#include <QImage>
#include <QObject>
#include <QRectF>

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

class QPainter;

namespace embedscope {

/// Pictures of samples at several levels of size, made in the background from the data set's pixels and kept in bounded
/// memory: those that were not asked for longest go first. A level that is not made yet is stood in for by another one.
/// Used on the UI thread.
class ThumbnailStore : public QObject {
    Q_OBJECT
public:
    static constexpr qsizetype kMostBytes = qsizetype{64} << 20;
    /// Device pixels of the longer side; a picture is drawn from the smallest level that is at least as large, so that
    /// it is never shrunk to less than half. Images smaller than a level are kept as they are.
    static constexpr std::array<int, 5> kLevels{32, 64, 128, 256, 512};

    explicit ThumbnailStore(QObject* parent = nullptr);

    /// Forgets all pictures if the images (not their labels) are others.
    void setSource(std::shared_ptr<const DataSet> data);
    /// The picture that serves a side in device pixels best of those that are made; null: none is.
    const QImage* find(int sample, int side) const;
    /// Whether it is made at the level that the side asks for.
    bool has(int sample, int side) const {
        return pictures_.contains(keyOf(sample, std::min(levelOf(side), highest_)));
    }
    /// Makes those that are missing, in this order, at a lower level if memory does not hold as many at their own;
    /// newer requests replace older ones. arrived() follows.
    void request(std::vector<int> samples, int side);
    qsizetype bytes() const { return pictures_.totalCost(); }

Q_SIGNALS:
    void arrived();

private:
    struct Batch {
        std::shared_ptr<const DataSet> data;
        std::size_t level = 0;
        std::vector<std::pair<int, QImage>> pictures;
    };
    std::size_t levelOf(int side) const;
    std::size_t mostAt(std::size_t level) const;
    static std::int64_t keyOf(int sample, std::size_t level) {
        return std::int64_t{sample} * static_cast<std::int64_t>(kLevels.size()) + static_cast<std::int64_t>(level);
    }
    void take(Batch batch);
    void makeNext();

    std::shared_ptr<const DataSet> data_;
    std::vector<int> wanted_;  ///< Of the newest request, the rest of it.
    std::size_t wantedLevel_ = 0;
    std::size_t highest_ = kLevels.size() - 1;  ///< Level of which memory holds as many as were asked for last.
    QCache<std::int64_t, QImage> pictures_{kMostBytes};
    NewestTask<Batch> task_;  ///< Last: waits for its work.
};

/// As much of the middle of a place as a picture fills.
QRectF roomOf(const QImage& picture, const QRectF& place);
/// One that grows keeps hard-edged pixels, as the encoder sees it.
void drawThumbnail(QPainter& painter, const QRectF& room, const QImage& picture);

}  // namespace embedscope
