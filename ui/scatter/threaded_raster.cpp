#include "ui/scatter/threaded_raster.h"

#include "engine/thread_clock.h"
#include "ui/scatter/stamp.h"

#include <QScopeGuard>
#include <QThread>

#include <algorithm>
#include <numeric>

namespace embedscope {
namespace {

constexpr int kMostThreads = 8;

}  // namespace

ThreadedRaster::ThreadedRaster(int threads) {
    workers_ = std::vector<Worker>(
        static_cast<std::size_t>(std::clamp(threads > 0 ? threads : QThread::idealThreadCount(), 1, kMostThreads)));
    pool_.setMaxThreadCount(std::max(1, static_cast<int>(workers_.size()) - 1));
}

/// Calls work(thread); blocks until all are done. @return processor time of the other threads.
template <typename Work>
double ThreadedRaster::onEachThread(Work work) {
    std::vector<double> milliseconds(active_.size(), 0);
    {
        // The other threads hold references: none outlives this block, also if this thread's part throws.
        const auto waiting = qScopeGuard([this] { pool_.waitForDone(); });
        for (std::size_t thread = 1; thread < active_.size(); ++thread)
            pool_.start([&work, &milliseconds, thread] {
                const double begin = threadMilliseconds();
                work(thread);
                milliseconds[thread] = threadMilliseconds() - begin;
            });
        work(0);
    }
    return std::accumulate(milliseconds.begin(), milliseconds.end(), 0.0);
}

ThreadedRaster::Tiles ThreadedRaster::tilesOf(const RasterTarget& target, const std::vector<PixelLens>& lenses) const {
    Tiles tiles;
    tiles.columns = (target.width + kTile - 1) / kTile;
    tiles.rows = (target.height + kTile - 1) / kTile;
    for (const PixelLens& lens : lenses) tiles.margin = std::max(tiles.margin, 2 * lens.reach());
    tiles.stride = kTile + 2 * tiles.margin + Mark::kGroup;
    return tiles;
}

/// @param points Some of the layer's. @return False if there are too many kinds of marks.
bool ThreadedRaster::bin(Worker& worker, const PointLayer& layer, std::size_t index, std::span<const DrawnPoint> points,
                         PixelLens lens, Tiles tiles) {
    MarkCache& marks = worker.marks[index];
    marks.setLooks(lens.radius(), layer.frame.opacity, layer.frame.ground);
    const std::size_t firstBin = index * tiles.count();
    const int reach = lens.reach();
    const auto add = [&](const PixelLens::Place& place, int row, int column, std::uint32_t mark) {
        const int x = place.column - column * kTile + tiles.margin, y = place.line - row * kTile + tiles.margin;
        worker.bins.add(firstBin + static_cast<std::size_t>(row * tiles.columns + column),
                        {static_cast<std::uint32_t>(y * tiles.stride + x), mark});
    };
    PixelLens::Place place{};
    for (const DrawnPoint& point : points) {
        if (!lens.find(point, place)) continue;
        const std::uint32_t mark = marks.indexOf(place.key);
        const int left = std::max(place.column - reach, 0) / kTile, top = std::max(place.line - reach, 0) / kTile;
        const int right = std::min((place.column + reach) / kTile, tiles.columns - 1);
        const int bottom = std::min((place.line + reach) / kTile, tiles.rows - 1);
        if (left == right && top == bottom) {
            add(place, top, left, mark);
            continue;
        }
        for (int row = top; row <= bottom; ++row)
            for (int column = left; column <= right; ++column) add(place, row, column, mark);
    }
    return marks.count() <= TileBins::Record::kMarks;
}

void ThreadedRaster::drawTile(Worker& worker, std::size_t tile, const Tiles& tiles, const RasterTarget& target,
                              std::size_t layers) {
    const bool empty = std::ranges::all_of(active_, [&](const Worker& binned) {
        for (std::size_t layer = 0; layer < layers; ++layer)
            if (!binned.bins.isEmpty(layer * tiles.count() + tile)) return false;
        return true;
    });
    if (empty) return;
    const int left = static_cast<int>(tile) % tiles.columns * kTile,
              top = static_cast<int>(tile) / tiles.columns * kTile;
    const int width = std::min(kTile, target.width - left), height = std::min(kTile, target.height - top);
    const std::ptrdiff_t stride = tiles.stride;
    QRgb* inner = worker.pixels.data() + tiles.margin * stride + tiles.margin;
    const auto outer = [&](int y) {
        return target.pixels + static_cast<std::ptrdiff_t>(top + y) * target.stride + left;
    };
    for (int y = 0; y < height; ++y) std::copy_n(outer(y), width, inner + y * stride);
    for (std::size_t layer = 0; layer < layers; ++layer)
        for (const Worker& binned : active_) {
            const MarkCache& marks = binned.marks[layer];
            binned.bins.forEach(layer * tiles.count() + tile, [&, pixels = worker.pixels.data()](auto record) {
                const Mark& mark = marks.mark(record.mark());
                stamp(pixels + record.place() + mark.top * stride + mark.left, stride, mark, marks.groupsOf(mark));
            });
        }
    for (int y = 0; y < height; ++y) std::copy_n(inner + y * stride, width, outer(y));
}

double ThreadedRaster::drawSimply(QImage& image, const std::vector<PointLayer>& layers) {
    for (std::size_t i = 0; i < layers.size(); ++i)
        rasterizePoints(image, layers[i].points, layers[i].frame, workers_[0].marks[i]);
    return 0;
}

double ThreadedRaster::draw(QImage& image, const std::vector<PointLayer>& layers) {
    std::size_t points = 0;
    for (const PointLayer& layer : layers) points += layer.points.size();
    for (Worker& worker : workers_)
        if (worker.marks.size() < layers.size()) worker.marks.resize(layers.size());
    const RasterTarget target(image);
    std::vector<PixelLens> lenses;
    for (const PointLayer& layer : layers) lenses.emplace_back(target, layer.frame);
    const Tiles tiles = tilesOf(target, lenses);
    if (points <= kFewForTiles || tiles.pixels() > TileBins::Record::kPlaces) return drawSimply(image, layers);
    active_ = std::span(workers_).first(points <= kFewPoints ? 1 : workers_.size());
    std::atomic<bool> fits = true;
    double others = onEachThread([&](std::size_t thread) {
        Worker& worker = active_[thread];
        worker.bins.reset(layers.size() * tiles.count());
        worker.pixels.resize(tiles.pixels());
        for (std::size_t i = 0; i < layers.size(); ++i) {
            const std::span<const DrawnPoint> all = layers[i].points;
            const auto edge = [&](std::size_t part) { return all.size() * part / active_.size(); };
            if (!bin(worker, layers[i], i, all.subspan(edge(thread), edge(thread + 1) - edge(thread)), lenses[i],
                     tiles))
                fits = false;
        }
    });
    if (!fits) return others + drawSimply(image, layers);
    std::atomic<std::size_t> next = 0;
    others += onEachThread([&](std::size_t thread) {
        for (std::size_t tile = next++; tile < tiles.count(); tile = next++)
            drawTile(active_[thread], tile, tiles, target, layers.size());
    });
    return others;
}

}  // namespace embedscope
