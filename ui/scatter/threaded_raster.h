#pragma once

#include "ui/scatter/mark_cache.h"
#include "ui/scatter/seen_points.h"

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

    /// Blocks until all layers are drawn one over the other.
    /// @param image As for rasterizePoints(). @return Processor time of the other threads.
    double draw(QImage& image, const std::vector<PointLayer>& layers);

private:
    QThreadPool pool_;
    std::vector<std::vector<MarkCache>> marks_;  ///< By band and layer: no two threads or looks share one.
};

}  // namespace embedscope
