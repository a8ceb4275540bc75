#include "ui/scatter/proxy_marks.h"

#include "ui/colors.h"

#include <QPalette>

#include <cmath>
#include <utility>

namespace embedscope {
namespace {

constexpr double kRadius = 8;
constexpr double kReach = 9;

QPolygonF diamond(QPointF centre, double radius) {
    return {{centre + QPointF(0, -radius), centre + QPointF(radius, 0), centre + QPointF(0, radius),
             centre + QPointF(-radius, 0)}};
}

}  // namespace

void ProxyMarks::show(std::vector<MapPlace> places, std::vector<std::int32_t> labels, float glide) {
    std::vector<MapPlace> from = places;
    if (labels == labels_)
        for (std::size_t i = 0; i < labels.size(); ++i) from[i] = placeOf(i, glide);
    from_ = std::move(from);
    to_ = std::move(places);
    labels_ = std::move(labels);
}

void ProxyMarks::paint(QPainter& painter, const ScatterFrame& frame, const QPalette& palette) const {
    painter.setRenderHint(QPainter::Antialiasing);
    for (std::size_t i = 0; i < labels_.size(); ++i) {
        const QPointF centre = frame.screenFrom(placeOf(i, frame.glide));
        // Ground, then ink, then the colour: to be told from any points below.
        painter.setPen(QPen(palette.color(QPalette::Base), 5));
        painter.setBrush(classColor(labels_[i]));
        painter.drawPolygon(diamond(centre, kRadius));
        painter.setPen(QPen(palette.color(QPalette::Text), 2));
        painter.drawPolygon(diamond(centre, kRadius));
    }
}

std::optional<std::size_t> ProxyMarks::at(QPointF screen, const ScatterFrame& frame) const {
    for (std::size_t i = labels_.size(); i-- > 0;) {  // the one drawn last lies on top
        const QPointF away = frame.screenFrom(placeOf(i, frame.glide)) - screen;
        if (std::abs(away.x()) + std::abs(away.y()) <= kReach) return i;
    }
    return std::nullopt;
}

}  // namespace embedscope
