#include "ui/scatter/brush.h"

#include <QCursor>
#include <QPainter>
#include <QPainterPath>
#include <QPainterPathStroker>
#include <QPalette>
#include <QPixmap>

#include <algorithm>
#include <cmath>

namespace embedscope {
namespace {

constexpr double kShortestStep = 2;  // pixels; a finer way only costs time

double squaredDistance(QPointF place, QPointF a, QPointF b) {
    const QPointF way = b - a, from = place - a;
    const double length = QPointF::dotProduct(way, way);
    const double share = length > 0 ? std::clamp(QPointF::dotProduct(from, way) / length, 0.0, 1.0) : 0;
    const QPointF away = from - way * share;
    return QPointF::dotProduct(away, away);
}

/// The pieces of a way by cells of the view, so that a point meets only those that pass near it.
class PiecesByCell {
public:
    PiecesByCell(const QPolygonF& path, double radius) : path_(path), radius_(radius) {
        box_ = path.boundingRect().adjusted(-radius, -radius, radius, radius);
        columns_ = static_cast<int>(box_.width() / cell()) + 1;
        rows_ = static_cast<int>(box_.height() / cell()) + 1;
        pieces_.resize(static_cast<std::size_t>(columns_) * static_cast<std::size_t>(rows_));
        for (int i = 0; i == 0 || i + 1 < path.size(); ++i) add(i);
    }

    bool covers(QPointF place) const {
        if (!box_.contains(place)) return false;
        return std::ranges::any_of(pieces_[indexOf(columnOf(place.x()), rowOf(place.y()))], [&](int i) {
            return squaredDistance(place, path_[i], endOf(i)) <= radius_ * radius_;
        });
    }

private:
    double cell() const { return std::max(radius_, 8.0); }
    QPointF endOf(int piece) const { return path_[std::min<qsizetype>(piece + 1, path_.size() - 1)]; }
    int columnOf(double x) const { return std::clamp(static_cast<int>((x - box_.left()) / cell()), 0, columns_ - 1); }
    int rowOf(double y) const { return std::clamp(static_cast<int>((y - box_.top()) / cell()), 0, rows_ - 1); }
    std::size_t indexOf(int column, int row) const {
        return static_cast<std::size_t>(row) * static_cast<std::size_t>(columns_) + static_cast<std::size_t>(column);
    }
    void add(int piece) {
        const QRectF reach =
            QRectF(path_[piece], endOf(piece)).normalized().adjusted(-radius_, -radius_, radius_, radius_);
        for (int row = rowOf(reach.top()); row <= rowOf(reach.bottom()); ++row)
            for (int column = columnOf(reach.left()); column <= columnOf(reach.right()); ++column)
                pieces_[indexOf(column, row)].push_back(piece);
    }

    const QPolygonF& path_;
    double radius_;
    QRectF box_;
    int columns_ = 1, rows_ = 1;
    std::vector<std::vector<int>> pieces_;
};

}  // namespace

void Brush::begin(QPointF place) {
    path_ = QPolygonF({place});
}

void Brush::moveTo(QPointF place) {
    if ((place - path_.last()).manhattanLength() >= kShortestStep) path_.append(place);
}

void Brush::setRadius(double radius) {
    radius_ = std::clamp(radius, kLeastRadius, kMostRadius);
}

std::vector<std::size_t> rowsUnder(std::span<const DrawnPoint> points, const ScatterFrame& frame, const Brush& brush) {
    std::vector<std::size_t> found;
    const PiecesByCell pieces(brush.path(), brush.radius());
    for (std::size_t i = 0; i < points.size(); ++i)
        if (!(points[i].style & kHiddenStyle) &&
            pieces.covers(frame.camera.screenFromWorld(positionOf(points[i], frame.glide))))
            found.push_back(i);
    return found;
}

void paintBrush(QPainter& painter, const Brush& brush, const QPalette& palette) {
    QPainterPath way(brush.path().first());
    for (const QPointF& place : brush.path()) way.lineTo(place);
    if (brush.path().size() == 1) way.lineTo(brush.path().first() + QPointF(0.01, 0));
    QPainterPathStroker stroker;
    stroker.setWidth(2 * brush.radius());
    stroker.setCapStyle(Qt::RoundCap);
    stroker.setJoinStyle(Qt::RoundJoin);
    QPainterPath area = stroker.createStroke(way);
    area.setFillRule(Qt::WindingFill);
    QColor fill = palette.color(QPalette::Highlight);
    fill.setAlphaF(0.25F);
    painter.setPen(Qt::NoPen);
    painter.setBrush(fill);
    painter.drawPath(area);
    painter.setBrush(Qt::NoBrush);
}

QCursor brushCursor(const Brush& brush, const QColor& ink) {
    const int side = 2 * static_cast<int>(std::ceil(brush.radius())) + 3;
    QPixmap pixmap(side, side);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(ink, 1.5));
    painter.drawEllipse(QPointF(side / 2.0, side / 2.0), brush.radius(), brush.radius());
    painter.end();
    return QCursor(pixmap);
}

}  // namespace embedscope
