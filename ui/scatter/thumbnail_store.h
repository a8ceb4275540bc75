#pragma once

#include "engine/data_set.h"
#include "ui/inspector/newest_task.h"

#include <QCache>
#include <QImage>
#include <QObject>
#include <QSize>

#include <memory>
#include <utility>
#include <vector>

namespace embedscope {

/// Pictures of samples at one size, made in the background from the data set's pixels and kept in bounded memory: those
/// that were not asked for longest go first. Used on the UI thread.
class ThumbnailStore : public QObject {
    Q_OBJECT
public:
    static constexpr qsizetype kMostBytes = qsizetype{64} << 20;

    explicit ThumbnailStore(QObject* parent = nullptr);

    /// Forgets all pictures if the images (not their labels) or the size are others. @param size Device pixels; a
    /// picture keeps its proportions within it.
    void setSource(std::shared_ptr<const DataSet> data, QSize size);
    /// Null while it is not made; request() it then.
    const QImage* find(int sample) const { return pictures_.object(sample); }
    /// Makes those that are missing, in this order, as far as memory allows; newer requests replace older ones.
    /// arrived() follows.
    void request(std::vector<int> samples);
    qsizetype bytes() const { return pictures_.totalCost(); }

Q_SIGNALS:
    void arrived();

private:
    struct Batch {
        std::shared_ptr<const DataSet> data;
        QSize size;
        std::vector<std::pair<int, QImage>> pictures;
    };
    void take(Batch batch);

    std::shared_ptr<const DataSet> data_;
    QSize size_;
    std::vector<int> wanted_;  ///< Of the newest request, the rest of it.
    QCache<int, QImage> pictures_{kMostBytes};
    NewestTask<Batch> task_;  ///< Last: waits for its work.

    void makeNext();
};

}  // namespace embedscope
