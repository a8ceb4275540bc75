#pragma once

#include "ui/scatter/seen_points.h"
#include "ui/scatter/thumbnail_store.h"

#include <QRectF>

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

class QPainter;

namespace embedscope {

/// When points are drawn as their pictures: never, where few are in view, or always.
enum class PictureMode { Points, UpClose, Always };

/// Pictures at the places of points. None covers another: where points crowd, one stands for its neighbours, and
/// stays while it can. The fewer points are in view, the larger the pictures. They are made in the background and kept
/// in bounded memory.
class PointPictures {
public:
    static constexpr std::array<int, 5> kSides{40, 56, 80, 112, 160};  ///< Logical pixels.

    /// A point that is drawn as its picture, and where. Logical pixels.
    struct Placed {
        std::uint32_t row = 0;  ///< Of the layout.
        QRectF place;
        int sample = -1;
    };

    void setMode(PictureMode mode) { mode_ = mode; }
    PictureMode mode() const { return mode_; }
    ThumbnailStore& store() { return store_; }

    /// Chooses the points and asks for their pictures. A pass over all points: about 3 ms for a million.
    void choose(const SeenPoints& seen, const Layout& layout, const ScatterFrame& frame,
                std::shared_ptr<const DataSet> data, double devicePixelRatio);
    /// What was chosen last.
    void paint(QPainter& painter, const DrawnPoints& points, const Layout& layout) const;
    const std::vector<Placed>& placed() const { return placed_; }
    /// Logical pixels of a picture's longer side, as chosen last.
    int side() const { return side_; }
    /// The one at a place of the view.
    std::optional<std::size_t> at(QPointF screen) const;

private:
    int devicePixels() const;
    void chooseSide(std::size_t inView, const QSizeF& view);
    std::size_t countInView(const SeenPoints& seen, const ScatterFrame& frame) const;
    std::vector<std::uint32_t> candidates(const SeenPoints& seen, const ScatterFrame& frame) const;
    void placeWithoutOverlap(const std::vector<std::uint32_t>& chosen, const SeenPoints& seen,
                             const ScatterFrame& frame);

    PictureMode mode_ = PictureMode::Points;
    int side_ = kSides.front();
    double devicePixelRatio_ = 1;
    std::vector<Placed> placed_;
    std::vector<bool> wasPlaced_;  ///< [rows]
    ThumbnailStore store_;
};

}  // namespace embedscope
