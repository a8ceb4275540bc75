#include "ui/scatter/point_pictures.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace embedscope {
namespace {

constexpr double kFrame = 2;  // around a picture, in the point's colour
/// So much of the view may be covered if nothing overlapped: by pictures of the least size up close, and by larger
/// ones.
constexpr double kMostCover = 0.6, kMostGrownCover = 0.3;
/// The pictures shrink again only when they cover so many times more, so that panning does not make them jump.
constexpr double kShrinks = 1.6;

/// From the centre of a picture to where that of the next may be.
double pitchOf(int side) {
    return side + 2 * kFrame + 1;
}

/// Share of the view.
double cover(std::size_t pictures, int side, const QSizeF& view) {
    return static_cast<double>(pictures) * pitchOf(side) * pitchOf(side) / std::max(1.0, view.width() * view.height());
}

/// The view and a border of one picture in cells as large as a picture.
struct Cells {
    Cells(const QSizeF& view, int side)
        : pitch(pitchOf(side)),
          columns(static_cast<int>(view.width() / pitch) + 3),
          rows(static_cast<int>(view.height() / pitch) + 3) {}
    /// -1: out of view.
    int indexOf(QPointF screen) const {
        const double x = screen.x() / pitch + 1, y = screen.y() / pitch + 1;
        if (!(x >= 0 && x < columns && y >= 0 && y < rows)) return -1;
        return static_cast<int>(y) * columns + static_cast<int>(x);
    }
    std::size_t count() const { return static_cast<std::size_t>(columns) * static_cast<std::size_t>(rows); }
    double pitch;
    int columns, rows;
};

bool mayShow(const DrawnPoint& point) {
    return !(point.style & (kHiddenStyle | kDimmedStyle));
}

}  // namespace

/// So many that the pictures are smallest anyway need no further counting.
std::size_t PointPictures::countInView(const SeenPoints& seen, const ScatterFrame& frame) const {
    const QSizeF view = frame.camera.viewport;
    const double border = pitchOf(kSides.front());
    const QRectF shown = QRectF(QPointF(), view).adjusted(-border, -border, border, border);
    std::size_t inView = 0;
    for (const DrawnPoint& point : seen.points) {
        if (!mayShow(point) || !shown.contains(frame.camera.screenFromWorld(positionOf(point, frame.glide)))) continue;
        if (cover(++inView, kSides.front(), view) > kMostCover) break;
    }
    return inView;
}

/// The largest that leave room between them; those of before stay while they nearly do.
void PointPictures::chooseSide(std::size_t inView, const QSizeF& view) {
    int largest = kSides.front();
    for (const int side : kSides)
        if (cover(inView, side, view) <= kMostGrownCover) largest = side;
    if (largest < side_ && cover(inView, side_, view) <= kShrinks * kMostGrownCover) return;
    side_ = largest;
}

/// Indices into what is seen: of each cell the first point, in space the nearest, or one that had its picture before.
/// Those that had one before come first.
std::vector<std::uint32_t> PointPictures::candidates(const SeenPoints& seen, const ScatterFrame& frame) const {
    const Cells cells(frame.camera.viewport, side_);
    std::vector<std::int64_t> first(cells.count(), -1);
    const bool fromBehind = !seen.levelEnds.empty();
    const auto had = [&](std::size_t index) { return wasPlaced_[seen.rowOf(index)]; };
    for (std::size_t i = 0; i < seen.points.size(); ++i) {
        if (!mayShow(seen.points[i])) continue;
        const int cell = cells.indexOf(frame.camera.screenFromWorld(positionOf(seen.points[i], frame.glide)));
        if (cell < 0) continue;
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
    const Cells cells(frame.camera.viewport, side_);
    // No two centres within a pitch of each other, so a cell holds at most one and its eight neighbours hold the rest.
    std::vector<int> holder(cells.count(), -1);
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
                free = std::abs(away.x()) >= cells.pitch || std::abs(away.y()) >= cells.pitch;
            }
        if (!free) continue;
        holder[static_cast<std::size_t>(cell)] = static_cast<int>(placed_.size());
        QRectF place(0, 0, side_, side_);
        place.moveCenter(centre);
        placed_.push_back({static_cast<std::uint32_t>(seen.rowOf(index)), place, -1});
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
    const std::size_t inView = countInView(seen, frame);
    if (mode_ == PictureMode::UpClose && cover(inView, kSides.front(), frame.camera.viewport) > kMostCover) {
        placed_.clear();
        return;
    }
    chooseSide(inView, frame.camera.viewport);
    placeWithoutOverlap(candidates(seen, frame), seen, frame);
    devicePixelRatio_ = devicePixelRatio;
    store_.setSource(std::move(data));
    std::vector<int> wanted;
    for (Placed& picture : placed_) {
        picture.sample = (*layout.samples)[picture.row];
        wanted.push_back(picture.sample);
    }
    store_.request(std::move(wanted), devicePixels());
}

int PointPictures::devicePixels() const {
    return static_cast<int>(std::lround(side_ * devicePixelRatio_));
}

void PointPictures::paint(QPainter& painter, const DrawnPoints& points, const Layout& layout) const {
    painter.setRenderHint(QPainter::Antialiasing, false);
    for (const Placed& picture : placed_) {
        const QImage* image = store_.find((*layout.samples)[picture.row], devicePixels());
        if (!image) continue;
        const DrawnPoint& point = points[picture.row];
        const QRectF room = roomOf(*image, picture.place);
        painter.fillRect(room.adjusted(-kFrame, -kFrame, kFrame, kFrame), QColor(point.red, point.green, point.blue));
        drawThumbnail(painter, room, *image);
    }
}

std::optional<std::size_t> PointPictures::at(QPointF screen) const {
    const auto covers = [&](const Placed& one) {
        if (!one.place.contains(screen)) return false;
        const QImage* image = store_.find(one.sample, devicePixels());
        return !image || roomOf(*image, one.place).contains(screen);  // long pictures leave most of their place free
    };
    const auto found = std::ranges::find_if(placed_, covers);
    return found == placed_.end() ? std::nullopt : std::optional<std::size_t>(found->row);
}

}  // namespace embedscope
