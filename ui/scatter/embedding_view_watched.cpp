// The samples that are pinned in the embedding view.
#include "engine/watched_pairs.h"
#include "ui/scatter/embedding_view.h"
#include "ui/scatter/thumbnail.h"

#include <utility>

namespace embedscope {

void EmbeddingView::setWatchedSamples(std::vector<int> samples) {
    watched_ = std::move(samples);
    watchedPictures_.clear();
    for (const int sample : watched_)
        watchedPictures_.push_back(data_ ? thumbnailOf(*data_, static_cast<std::size_t>(sample)) : QImage());
    surface_->widget()->update();
}

/// Those that are shown; hidden classes hide theirs.
void EmbeddingView::paintWatchedSamples(QPainter& painter) const {
    std::vector<WatchedMark> marks;
    std::vector<int> shown;
    for (std::size_t i = 0; i < watched_.size(); ++i) {
        const std::optional<QPointF> place = screenPositionOf(watched_[i]);
        if (!place) continue;
        const std::int32_t label = data_->samples[static_cast<std::size_t>(watched_[i])].label;
        marks.push_back({static_cast<int>(i) + 1, *place, watchedPictures_[i], label});
        shown.push_back(watched_[i]);
    }
    std::vector<WatchedLine> lines;
    if (layout_->bank)
        for (const WatchedPair& pair : watchedPairs(*layout_->bank, shown))
            lines.push_back({pair.first, pair.second, pair.distance});
    paintWatched(painter, marks, lines, palette());
}

/// The sample that a key or a menu is about: under the cursor, else the selected one; -1: none.
int EmbeddingView::meantSample() const {
    return hovered_ && layout_ ? (*layout_->samples)[*hovered_] : selected_;
}

}  // namespace embedscope
