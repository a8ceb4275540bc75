#pragma once

#include <QImage>
#include <QPointF>
#include <QString>

#include <cstddef>
#include <vector>

class QPainter;
class QPalette;

namespace embedscope {

/// The most samples that are watched at once: 28 pairs.
inline constexpr std::size_t kMostWatched = 8;

/// A watched image, at its point.
struct WatchedMark {
    int number = 1;  ///< Its place in the list, from 1.
    QPointF point;   ///< Logical pixels of the view.
    QImage picture;
    int label = -1;  ///< Its class; negative: unlabelled.
};

/// The line between two watched images.
struct WatchedLine {
    std::size_t first = 0, second = 0;  ///< Marks.
    double distance = 0;                ///< Euclidean, of the embeddings; NaN is not written.
};

/// Lines with their distances, solid within a class and dashed between classes, and the pictures over them, moved
/// outwards so that the points stay visible.
void paintWatched(QPainter& painter, const std::vector<WatchedMark>& marks, const std::vector<WatchedLine>& lines,
                  const QPalette& palette);

}  // namespace embedscope
