#include "ui/scatter/rasterize.h"

#include <QPainter>

#include <algorithm>
#include <array>
#include <cmath>

namespace embedscope {
namespace {

constexpr int kSubPixels = 4;  // positions of a mark within a pixel, each way

/// Coverage 0..255 of one mark at one position within a pixel.
struct Mark {
    int side = 0;
    std::vector<std::uint8_t> coverage;
};

/// Distance of (x, y) to the edge of a shape of radius 1, negative inside.
double edgeDistance(PointShape shape, double x, double y) {
    switch (shape) {
        case PointShape::Disc:
            return std::hypot(x, y) - 1;
        case PointShape::Square:
            return std::max(std::abs(x), std::abs(y)) - 0.86;
        case PointShape::Diamond:
            return (std::abs(x) + std::abs(y)) * 0.7071 - 0.82;
        case PointShape::Triangle:
            return std::max(0.866 * std::abs(x) - 0.5 * y, y) - 0.6;
    }
    return 0;
}

Mark makeMark(std::uint8_t style, double radius, double offsetX, double offsetY) {
    Mark mark;
    mark.side = 2 * static_cast<int>(std::ceil(radius) + 1) + 1;
    mark.coverage.resize(static_cast<std::size_t>(mark.side) * mark.side);
    const double centre = mark.side / 2;
    const auto shape = static_cast<PointShape>(style & 3);
    const double stroke = std::max(1.0, radius * 0.4);
    for (int y = 0; y < mark.side; ++y)
        for (int x = 0; x < mark.side; ++x) {
            const double edge =
                edgeDistance(shape, (x - centre - offsetX) / radius, (y - centre - offsetY) / radius) * radius;
            double cover = std::clamp(0.5 - edge, 0.0, 1.0);
            if (style & kHollowStyle) cover -= std::clamp(0.5 - (edge + stroke), 0.0, 1.0);
            mark.coverage[static_cast<std::size_t>(y) * mark.side + x] =
                static_cast<std::uint8_t>(std::lround(255 * cover));
        }
    return mark;
}

/// The marks of all styles and positions, made when first needed.
class Marks {
public:
    explicit Marks(double radius) : radius_(radius) {}
    const Mark& at(std::uint8_t style, int subX, int subY) {
        Mark& mark = marks_[(static_cast<std::size_t>(style & 7) * kSubPixels + subY) * kSubPixels + subX];
        if (mark.side == 0)
            mark = makeMark(style, radius_, (subX + 0.5) / kSubPixels - 0.5, (subY + 0.5) / kSubPixels - 0.5);
        return mark;
    }

private:
    double radius_;
    std::array<Mark, 8 * kSubPixels * kSubPixels> marks_;
};

int blend(int below, int above, int alpha) {
    return below + (above - below) * alpha / 255;
}

void stamp(QImage& image, const Mark& mark, int left, int top, const DrawnPoint& point, int opacity) {
    const int fromX = std::max(0, -left), toX = std::min(mark.side, image.width() - left);
    const int fromY = std::max(0, -top), toY = std::min(mark.side, image.height() - top);
    for (int y = fromY; y < toY; ++y) {
        auto* line = reinterpret_cast<QRgb*>(image.scanLine(top + y)) + left;
        const std::uint8_t* cover = mark.coverage.data() + static_cast<std::size_t>(y) * mark.side;
        for (int x = fromX; x < toX; ++x) {
            const int alpha = cover[x] * opacity / 255;
            if (alpha == 0) continue;
            line[x] = qRgb(blend(qRed(line[x]), point.red, alpha), blend(qGreen(line[x]), point.green, alpha),
                           blend(qBlue(line[x]), point.blue, alpha));
        }
    }
}

}  // namespace

void rasterizePoints(QImage& image, const DrawnPoints& points, const ScatterFrame& frame) {
    const double ratio = image.devicePixelRatio();
    Marks marks(frame.radius * ratio);
    const int opacity = static_cast<int>(std::lround(255 * frame.opacity));
    for (const DrawnPoint& point : points) {
        if (point.style & kHiddenStyle) continue;
        const QPointF screen = frame.camera.screenFromWorld(positionOf(point, frame.glide)) * ratio;
        if (!(std::abs(screen.x()) < 1e6 && std::abs(screen.y()) < 1e6)) continue;
        const int x = static_cast<int>(std::floor(screen.x())), y = static_cast<int>(std::floor(screen.y()));
        const Mark& mark = marks.at(point.style, static_cast<int>((screen.x() - x) * kSubPixels),
                                    static_cast<int>((screen.y() - y) * kSubPixels));
        stamp(image, mark, x - mark.side / 2, y - mark.side / 2, point, opacity);
    }
}

}  // namespace embedscope
