#include "ui/scatter/class_outlines.h"

#include "ui/colors.h"

#include <QPainter>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace embedscope {
namespace {

constexpr std::size_t kLeastPoints = 3;
constexpr int kEllipseCorners = 72;
constexpr double kDeviations = 2, kHullShare = 0.95;

double turn(QPointF a, QPointF b, QPointF c) {
    return (b.x() - a.x()) * (c.y() - a.y()) - (b.y() - a.y()) * (c.x() - a.x());
}

/// One side of the hull, from the first of the sorted places to the last.
template <typename Range>
QPolygonF chain(const Range& sorted) {
    QPolygonF side;
    for (const QPointF& place : sorted) {
        while (side.size() >= 2 && turn(side[side.size() - 2], side.last(), place) <= 0) side.removeLast();
        side << place;
    }
    return side;
}

QPolygonF ellipseOf(const std::vector<QPointF>& places) {
    QPointF mean;
    for (const QPointF& place : places) mean += place;
    const auto count = static_cast<double>(places.size());
    mean /= count;
    double xx = 0, xy = 0, yy = 0;
    for (const QPointF& place : places) {
        const QPointF off = place - mean;
        xx += off.x() * off.x();
        xy += off.x() * off.y();
        yy += off.y() * off.y();
    }
    // Cholesky: the unit circle through it has this covariance.
    const double a = std::sqrt(xx / count), b = a > 0 ? xy / count / a : 0;
    const double c = std::sqrt(std::max(0.0, yy / count - b * b));
    QPolygonF ellipse;
    for (int i = 0; i <= kEllipseCorners; ++i) {
        const double angle = 2 * std::numbers::pi * i / kEllipseCorners;
        const double u = kDeviations * std::cos(angle), v = kDeviations * std::sin(angle);
        ellipse << mean + QPointF(a * u, b * u + c * v);
    }
    return ellipse;
}

}  // namespace

QPolygonF convexHull(std::vector<QPointF> places) {
    const auto before = [](const QPointF& a, const QPointF& b) {
        return a.x() < b.x() || (a.x() == b.x() && a.y() < b.y());
    };
    std::ranges::sort(places, before);
    const auto repeated = std::ranges::unique(places, [](QPointF a, QPointF b) {
        return a.x() == b.x() && a.y() == b.y();  // QPointF's own comparison is fuzzy
    });
    places.erase(repeated.begin(), repeated.end());
    if (places.size() < kLeastPoints) return QPolygonF(QList<QPointF>(places.begin(), places.end()));
    QPolygonF hull = chain(places);
    std::ranges::reverse(places);
    const QPolygonF back = chain(places);
    hull.removeLast();
    for (qsizetype i = 0; i + 1 < back.size(); ++i) hull << back[i];
    return hull;
}

std::vector<QPointF> nearestToMedian(std::vector<QPointF> places, double share) {
    const auto left = static_cast<std::ptrdiff_t>((1 - share) * static_cast<double>(places.size()) + 1e-9);
    if (left == 0) return places;
    const auto middle = places.begin() + static_cast<std::ptrdiff_t>(places.size() / 2);
    QPointF median;
    std::ranges::nth_element(places, middle, {}, [](QPointF place) { return place.x(); });
    median.setX(middle->x());
    std::ranges::nth_element(places, middle, {}, [](QPointF place) { return place.y(); });
    median.setY(middle->y());
    const auto farness = [median](QPointF place) {
        const QPointF off = place - median;
        return QPointF::dotProduct(off, off);
    };
    std::ranges::nth_element(places, places.end() - left, {}, farness);
    places.erase(places.end() - left, places.end());
    return places;
}

std::vector<OutlinedClass> classOutlines(const SeenPoints& seen, const Layout& layout, const DataSet& data,
                                         ClassOutline kind) {
    std::vector<OutlinedClass> outlines;
    if (kind == ClassOutline::None) return outlines;
    std::vector<std::vector<QPointF>> places(data.classNames.size());
    for (std::size_t i = 0; i < seen.points.size(); ++i) {
        const DrawnPoint& point = seen.points[i];
        const int label = data.samples[static_cast<std::size_t>((*layout.samples)[seen.rowOf(i)])].label;
        if (label < 0 || point.style & kHiddenStyle || !std::isfinite(point.toX + point.toY)) continue;
        places[static_cast<std::size_t>(label)].emplace_back(point.toX, point.toY);
    }
    for (std::size_t label = 0; label < places.size(); ++label) {
        if (places[label].size() < kLeastPoints) continue;
        QPolygonF outline = kind == ClassOutline::Ellipse
                                ? ellipseOf(places[label])
                                : convexHull(nearestToMedian(std::move(places[label]), kHullShare));
        if (!outline.isEmpty() && outline.first() != outline.last()) outline << outline.first();
        outlines.push_back({static_cast<int>(label), std::move(outline)});
    }
    return outlines;
}

void paintClassOutlines(QPainter& painter, const std::vector<OutlinedClass>& outlines, const Camera& camera) {
    painter.setRenderHint(QPainter::Antialiasing);
    for (const auto& [label, outline] : outlines) {
        QPolygonF screen;
        for (const QPointF& corner : outline) screen << camera.screenFromWorld(corner);
        QColor color = classColor(label);
        painter.setPen(QPen(color, 1.8));
        color.setAlphaF(0.07F);
        painter.setBrush(color);
        painter.drawPolygon(screen);
    }
    painter.setBrush(Qt::NoBrush);
}

}  // namespace embedscope
