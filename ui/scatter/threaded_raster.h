#pragma once

#include "ui/scatter/mark_cache.h"
#include "ui/scatter/points.h"

#include <QImage>
#include <QThreadPool>

#include <vector>

namespace embedscope {

/// Draws as rasterizePoints() does, bit for bit, with a thread for each band of lines where there are many points.
class ThreadedRaster {
public:
    static constexpr std::size_t kFewPoints = 20'000;  ///< So many are drawn by the calling thread alone.

    /// @param threads 0: one a core, at most 8.
    explicit ThreadedRaster(int threads = 0);

    /// Blocks until all is drawn. @param image As for rasterizePoints(). @return Processor time of the other threads.
    double draw(QImage& image, const DrawnPoints& points, const ScatterFrame& frame);

private:
    QThreadPool pool_;
    std::vector<MarkCache> marks_;  ///< One a band: no two threads share one.
};

}  // namespace embedscope
