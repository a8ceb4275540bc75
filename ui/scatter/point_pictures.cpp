#include "ui/scatter/point_pictures.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace embedscope {
namespace {

constexpr double kFrame = 2;  // around a picture, in the point's colour
constexpr double kPitch = PointPictures::kSide + 2 * kFrame + 1;
/// Up close: so much of the view may be covered if nothing overlapped.
constexpr double kMostCover = 0.6;

std::size_t mostUpClose(const QSizeF& view) {
    return static_cast<std::size_t>(kMostCover * view.width() * view.height() / (kPitch * kPitch));
}

/// The view and a border of one picture in cells as large as a picture.
struct Cells {
    explicit Cells(const QSizeF& view)
        : columns(static_cast<int>(view.width() / kPitch) + 3), rows(static_cast<int>(view.height() / kPitch) + 3) {}
    /// -1: out of view.
    int indexOf(QPointF screen) const {
        const double x = screen.x() / kPitch + 1, y = screen.y() / kPitch + 1;
        if (!(x >= 0 && x < columns && y >= 0 && y < rows)) return -1;
        return static_cast<int>(y) * columns + static_cast<int>(x);
    }
    int columns, rows;
};

}  // namespace

/// Indices into what is seen: of each cell the first point, in space the nearest, or one that had its picture before;
/// nothing where up close means closer. Those that had one before come first.
std::vector<std::uint32_t> PointPictures::candidates(const SeenPoints& seen, const ScatterFrame& frame) const {
    const Cells cells(frame.camera.viewport);
    std::vector<std::int64_t> first(static_cast<std::size_t>(cells.columns) * static_cast<std::size_t>(cells.rows), -1);
    const std::size_t most = mode_ == PictureMode::UpClose ? mostUpClose(frame.camera.viewport) : seen.points.size();
    const bool fromBehind = !seen.levelEnds.empty();
    const auto had = [&](std::size_t index) { return wasPlaced_[seen.rowOf(index)]; };
    std::size_t inView = 0;
    for (std::size_t i = 0; i < seen.points.size(); ++i) {
        const DrawnPoint& point = seen.points[i];
        if (point.style & (kHiddenStyle | kDimmedStyle)) continue;
        const int cell = cells.indexOf(frame.camera.screenFromWorld(positionOf(point, frame.glide)));
        if (cell < 0) continue;
        if (++inView > most) return {};
        std::int64_t& held = first[static_cast<std::size_t>(cell)];
        const bool better = held >= 0 && (had(i) != had(static_cast<std::size_t>(held)) ? had(i) : fromBehind);
        if (held < 0 || better) held = static_cast<std::int64_t>(i);
    }
    std::vector<std::uint32_t> chosen;
    for (const std::int64_t index : first)
        if (index >= 0) chosen.push_back(static_cast<std::uint32_t>(index));
    std::ranges::sort(chosen);
    if (fromBehind) std::ranges::reverse(chosen);
    std::ranges::stable_partition(chosen, had);
    return chosen;
}

void PointPictures::placeWithoutOverlap(const std::vector<std::uint32_t>& chosen, const SeenPoints& seen,
                                        const ScatterFrame& frame) {
    const Cells cells(frame.camera.viewport);
    // No two centres within a pitch of each other, so a cell holds at most one and its eight neighbours hold the rest.
    std::vector<int> holder(static_cast<std::size_t>(cells.columns) * static_cast<std::size_t>(cells.rows), -1);
    placed_.clear();
    for (const std::uint32_t index : chosen) {
        const QPointF centre = frame.camera.screenFromWorld(positionOf(seen.points[index], frame.glide));
        const int cell = cells.indexOf(centre), column = cell % cells.columns, line = cell / cells.columns;
        bool free = true;
        for (int y = std::max(0, line - 1); free && y <= std::min(cells.rows - 1, line + 1); ++y)
            for (int x = std::max(0, column - 1); free && x <= std::min(cells.columns - 1, column + 1); ++x) {
                const int other = holder[static_cast<std::size_t>(y * cells.columns + x)];
                if (other < 0) continue;
                const QPointF away = placed_[static_cast<std::size_t>(other)].place.center() - centre;
                free = std::abs(away.x()) >= kPitch || std::abs(away.y()) >= kPitch;
            }
        if (!free) continue;
        holder[static_cast<std::size_t>(cell)] = static_cast<int>(placed_.size());
        QRectF place(0, 0, kSide, kSide);
        place.moveCenter(centre);
        placed_.push_back({static_cast<std::uint32_t>(seen.rowOf(index)), place});
    }
}

void PointPictures::choose(const SeenPoints& seen, const Layout& layout, const ScatterFrame& frame,
                           std::shared_ptr<const DataSet> data, double devicePixelRatio) {
    if (mode_ == PictureMode::Points) {
        placed_.clear();
        return;
    }
    wasPlaced_.assign(seen.points.size(), false);
    for (const Placed& picture : placed_)
        if (picture.row < wasPlaced_.size()) wasPlaced_[picture.row] = true;
    placeWithoutOverlap(candidates(seen, frame), seen, frame);
    const int side = static_cast<int>(std::lround(kSide * devicePixelRatio));
    store_.setSource(std::move(data), {side, side});
    std::vector<int> wanted;
    for (const Placed& picture : placed_) wanted.push_back((*layout.samples)[picture.row]);
    store_.request(std::move(wanted));
}

void PointPictures::paint(QPainter& painter, const DrawnPoints& points, const Layout& layout) const {
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.setRenderHint(QPainter::SmoothPixmapTransform, false);
    for (const Placed& picture : placed_) {
        const QImage* image = store_.find((*layout.samples)[picture.row]);
        if (!image) continue;
        const DrawnPoint& point = points[picture.row];
        QRectF room(QPointF(), QSizeF(image->size()).scaled(picture.place.size(), Qt::KeepAspectRatio));
        room.moveCenter(picture.place.center());
        painter.fillRect(room.adjusted(-kFrame, -kFrame, kFrame, kFrame), QColor(point.red, point.green, point.blue));
        painter.drawImage(room, *image);
    }
}

std::optional<std::size_t> PointPictures::at(QPointF screen) const {
    const auto found = std::ranges::find_if(placed_, [&](const Placed& one) { return one.place.contains(screen); });
    return found == placed_.end() ? std::nullopt : std::optional<std::size_t>(found->row);
}

}  // namespace embedscope
