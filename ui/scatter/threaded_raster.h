#pragma once

#include "ui/scatter/mark_cache.h"
#include "ui/scatter/rasterize.h"
#include "ui/scatter/seen_points.h"
#include "ui/scatter/tile_bins.h"

#include <QImage>
#include <QThreadPool>

#include <atomic>
#include <span>
#include <vector>

namespace embedscope {

/// Draws as rasterizePoints() does, bit for bit. Many points are first sorted by square tiles of the image, each
/// thread a part of them, and then drawn tile by tile in a processor's nearest memory, each thread the next tile: 4
/// bytes a point, and a sixth more for marks that lie on more than one tile.
class ThreadedRaster {
public:
    static constexpr std::size_t kFewPoints = 20'000;   ///< So many are drawn by the calling thread alone,
    static constexpr std::size_t kFewForTiles = 2'000;  ///< and so many one after the other.

    /// @param threads 0: one a core, at most 8.
    explicit ThreadedRaster(int threads = 0);

    /// Blocks until all layers are drawn one over the other.
    /// @param image As for rasterizePoints(). @return Processor time of the other threads.
    double draw(QImage& image, const std::vector<PointLayer>& layers);

private:
    static constexpr int kTile = 64;  // pixels; with its margins it fits into 32 KiB for marks of many points

    /// What one thread works with: no two threads or looks share marks.
    struct Worker {
        std::vector<MarkCache> marks;  ///< [layers]
        TileBins bins;                 ///< By layer and tile.
        std::vector<QRgb> pixels;      ///< A tile and its margins.
    };
    struct Tiles {
        int columns = 0, rows = 0;
        int margin = 0;  ///< Around a tile, so that no mark has to be cut off.
        int stride = 0;  ///< Of a tile and its margins.
        std::size_t pixels() const {
            return static_cast<std::size_t>(stride) * static_cast<std::size_t>(kTile + 2 * margin);
        }
        std::size_t count() const { return static_cast<std::size_t>(columns) * static_cast<std::size_t>(rows); }
    };

    template <typename Work>
    double onEachThread(Work work);
    Tiles tilesOf(const RasterTarget& target, const std::vector<PixelLens>& lenses) const;
    static bool bin(Worker& worker, const PointLayer& layer, std::size_t index, std::span<const DrawnPoint> points,
                    PixelLens lens, Tiles tiles);
    void drawTile(Worker& worker, std::size_t tile, const Tiles& tiles, const RasterTarget& target, std::size_t layers);
    double drawSimply(QImage& image, const std::vector<PointLayer>& layers);

    QThreadPool pool_;
    std::vector<Worker> workers_;
    std::span<Worker> active_;  ///< Those that draw this frame.
};

}  // namespace embedscope
