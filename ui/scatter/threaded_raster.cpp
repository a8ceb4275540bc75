#include "ui/scatter/threaded_raster.h"

#include "engine/thread_clock.h"
#include "ui/scatter/rasterize.h"

#include <QThread>

#include <algorithm>
#include <numeric>

namespace embedscope {
namespace {

constexpr int kMostThreads = 8;

}  // namespace

ThreadedRaster::ThreadedRaster(int threads) {
    const int bands = std::clamp(threads > 0 ? threads : QThread::idealThreadCount(), 1, kMostThreads);
    marks_.resize(static_cast<std::size_t>(bands));
    pool_.setMaxThreadCount(std::max(1, bands - 1));
}

double ThreadedRaster::draw(QImage& image, const std::vector<PointLayer>& layers) {
    std::size_t points = 0;
    for (const PointLayer& layer : layers) points += layer.points.size();
    const std::size_t bands = points > kFewPoints ? marks_.size() : 1;
    const RasterTarget target(image);
    const auto edge = [&](std::size_t band) {
        return static_cast<int>(static_cast<std::size_t>(image.height()) * band / bands);
    };
    const auto drawBand = [&](std::size_t band) {
        std::vector<MarkCache>& marks = marks_[band];
        if (marks.size() < layers.size()) marks.resize(layers.size());
        for (std::size_t i = 0; i < layers.size(); ++i)
            rasterizeLines(target, edge(band), edge(band + 1), layers[i].points, layers[i].frame, marks[i]);
    };
    std::vector<double> milliseconds(bands, 0);
    for (std::size_t band = 1; band < bands; ++band)
        pool_.start([&, band] {
            const double begin = threadMilliseconds();
            drawBand(band);
            milliseconds[band] = threadMilliseconds() - begin;
        });
    drawBand(0);
    pool_.waitForDone();
    return std::accumulate(milliseconds.begin(), milliseconds.end(), 0.0);
}

}  // namespace embedscope
