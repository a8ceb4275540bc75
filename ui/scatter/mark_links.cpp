#include "ui/scatter/mark_links.h"

#include "ui/colors.h"
#include "ui/scatter/embedding_view.h"

#include <QLineF>
#include <QPainter>

#include <algorithm>

namespace embedscope {
namespace {

constexpr double kThin = 1.5;            // logical pixels
constexpr double kRing = 7, kCross = 4;  // logical pixels
constexpr double kShort = 48;            // logical pixels; below, points hide the line between them

/// Those of the distance chart.
QColor linkColor(bool similar, const QPalette& palette) {
    if (palette.color(QPalette::Base).lightnessF() < 0.5)
        return similar ? QColor(0x56, 0xB4, 0xE9) : QColor(0xE6, 0x9F, 0x00);
    return similar ? QColor(0x00, 0x72, 0xB2) : QColor(0xD5, 0x5E, 0x00);
}

/// Around two points that lie near each other, as wide as they are apart and a rim.
void paintLoop(QPainter& painter, QPointF a, QPointF b) {
    const QLineF between(a, b);
    const double half = between.length() / 2 + kRing + 2;
    painter.save();
    painter.translate(between.center());
    painter.rotate(-between.angle());
    painter.drawRoundedRect(QRectF(-half, -kRing - 2, 2 * half, 2 * (kRing + 2)), kRing + 2, kRing + 2);
    painter.restore();
}

void paintCross(QPainter& painter, QPointF place) {
    painter.drawLine(place + QPointF(-kCross, -kCross), place + QPointF(kCross, kCross));
    painter.drawLine(place + QPointF(-kCross, kCross), place + QPointF(kCross, -kCross));
}

}  // namespace

std::vector<std::pair<std::int32_t, std::int32_t>> linksOf(const Mark& mark, std::size_t most) {
    std::vector<std::pair<std::int32_t, std::int32_t>> links;
    if (!mark.isPair() || mark.first.empty() || most == 0) return links;
    const auto& others = mark.second.empty() ? mark.first : mark.second;
    const bool all = mark.first.size() * others.size() <= most;
    const std::size_t count = all ? mark.first.size() * others.size() : most;
    for (std::size_t k = 0; k < count; ++k) {
        // Of too many: strides of large primes, so that both sides are gone through evenly.
        const std::size_t first = all ? k / others.size() : k * 7919 % mark.first.size();
        const std::size_t second = all ? k % others.size() : k * 104729 % others.size();
        const std::int32_t a = mark.first[first], b = others[second];
        if (a != b && !(all && mark.second.empty() && first > second)) links.emplace_back(a, b);
    }
    return links;
}

void MarkLinks::show(const Marks& marks) {
    links_.clear();
    signs_.clear();
    for (const Mark& mark : marks.list) {
        const std::size_t room = std::min(kMostLinksOfMark, kMostLinks - links_.size());
        for (const auto& [a, b] : linksOf(mark, room)) links_.push_back({a, b, mark.kind == MarkKind::Similar});
        if (mark.isPair()) continue;
        for (const std::int32_t sample : mark.first)
            if (signs_.size() < kMostSigns) signs_.push_back({sample, mark.label, mark.kind == MarkKind::Ignored});
    }
}

void MarkLinks::point(std::int32_t anchor, std::int32_t positive, std::int32_t negative) {
    pointed_.clear();
    if (anchor >= 0 && positive >= 0) pointed_.push_back({anchor, positive, true});
    if (anchor >= 0 && negative >= 0) pointed_.push_back({anchor, negative, false});
}

void MarkLinks::paint(QPainter& painter, const EmbeddingView& view) const {
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(Qt::NoBrush);
    const auto draw = [&](const Link& link, double width, int alpha) {
        const auto a = view.screenPositionOf(link.first), b = view.screenPositionOf(link.second);
        if (!a || !b) return;
        const double rim = width > kThin ? 3 : 1.5;  // to be seen among points of any colour
        painter.setPen(QPen(view.palette().color(QPalette::Base), width + rim));
        painter.drawLine(*a, *b);
        QColor color = linkColor(link.similar, view.palette());
        const bool isShort = QLineF(*a, *b).length() < kShort;
        color.setAlpha(isShort ? 255 : alpha);
        painter.setPen(QPen(color, width + (isShort ? 0.5 : 0), link.similar ? Qt::SolidLine : Qt::DashLine));
        painter.drawLine(*a, *b);
        if (isShort) paintLoop(painter, *a, *b);
    };
    for (const Link& link : links_) draw(link, kThin, 170);
    for (const Link& link : pointed_) draw(link, 3.5, 255);
    for (const Sign& sign : signs_) {
        const auto place = view.screenPositionOf(sign.sample);
        if (!place) continue;
        painter.setPen(QPen(sign.ignored ? view.palette().color(QPalette::Text) : classColor(sign.label), 2));
        sign.ignored ? paintCross(painter, *place) : painter.drawEllipse(*place, kRing, kRing);
    }
    for (const Link& link : pointed_)
        for (const std::int32_t sample : {link.first, link.second})
            if (const auto place = view.screenPositionOf(sample)) {
                painter.setPen(QPen(view.palette().color(QPalette::Text), 2));
                painter.drawEllipse(*place, kRing, kRing);
            }
}

}  // namespace embedscope
