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

void ProxyMarks::show(std::vector<float> places, std::vector<std::int32_t> labels, float glide) {
    std::vector<float> from = places;
    if (labels == labels_) {
        for (std::size_t i = 0; i < labels.size(); ++i) {
            const QPointF now = positionOf(i, glide);
            from[2 * i] = static_cast<float>(now.x());
            from[2 * i + 1] = static_cast<float>(now.y());
        }
    }
    from_ = std::move(from);
    to_ = std::move(places);
    labels_ = std::move(labels);
}

QPointF ProxyMarks::positionOf(std::size_t proxy, float glide) const {
    const std::size_t x = 2 * proxy, y = x + 1;
    return {from_[x] + (to_[x] - from_[x]) * glide, from_[y] + (to_[y] - from_[y]) * glide};
}

void ProxyMarks::paint(QPainter& painter, const ScatterFrame& frame, const QPalette& palette) const {
    painter.setRenderHint(QPainter::Antialiasing);
    for (std::size_t i = 0; i < labels_.size(); ++i) {
        const QPointF centre = frame.camera.screenFromWorld(positionOf(i, frame.glide));
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
        const QPointF away = frame.camera.screenFromWorld(positionOf(i, frame.glide)) - screen;
        if (std::abs(away.x()) + std::abs(away.y()) <= kReach) return i;
    }
    return std::nullopt;
}

}  // namespace embedscope
