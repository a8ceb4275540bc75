#include "ui/scatter/trails.h"

#include "ui/colors.h"
#include "ui/scatter/difference_arrows.h"
#include "ui/scatter/embedding_view.h"

#include <QLineF>
#include <QPainter>

#include <algorithm>

namespace embedscope {
namespace {

constexpr float kFaintest = 0.3F, kStrongest = 0.9F;
// Logical pixels: of an arrowhead and of the ring at the start, and how long a line must be to have a head.
constexpr double kHead = 10, kStart = 5, kHeadsApart = 56, kShortest = 16;

}  // namespace

std::vector<Trail> trailsOf(const std::vector<std::shared_ptr<const Layout>>& frames, const std::vector<int>& samples,
                            const DataSet& data) {
    std::vector<Trail> trails;
    for (const int sample : samples) {
        if (trails.size() == kMostTrails) break;
        trails.push_back({sample, {}, classColor(data.samples[static_cast<std::size_t>(sample)].label)});
    }
    if (trails.empty()) return trails;
    const std::size_t every = frames.size() / kMostTrailPlaces + 1;
    std::shared_ptr<const std::vector<std::int32_t>> known;
    std::vector<std::int32_t> rows;
    for (std::size_t i = 0; i < frames.size(); ++i) {
        const Layout& frame = *frames[i];
        const bool isLast = i + 1 == frames.size();
        if ((i % every != 0 && !isLast) || !isSameMap(frame, *frames.back())) continue;
        if (frame.samples != known) {
            known = frame.samples;
            rows = rowsOfSamples(frame, data.size());
        }
        for (Trail& trail : trails)
            if (const std::int32_t row = rows[static_cast<std::size_t>(trail.sample)]; row >= 0)
                trail.places.push_back(placeOf(frame, static_cast<std::size_t>(row)));
    }
    return trails;
}

std::vector<QPolygonF> arrowheadsOf(const QPolygonF& line) {
    double length = 0;
    for (qsizetype i = 1; i < line.size(); ++i) length += QLineF(line[i - 1], line[i]).length();
    std::vector<QPolygonF> heads;
    const int count = length < kShortest ? 0 : std::max(1, static_cast<int>(length / kHeadsApart));
    const double apart = count > 0 ? length / count : 0;
    double next = apart / 2, before = 0;
    for (qsizetype i = 1; i < line.size() && static_cast<int>(heads.size()) < count; ++i) {
        const QLineF part(line[i - 1], line[i]);
        for (; next <= before + part.length() && static_cast<int>(heads.size()) < count; next += apart) {
            const QPointF along = (part.p2() - part.p1()) / part.length(), across(-along.y(), along.x());
            const QPointF tip = part.p1() + along * (next - before + kHead / 2), back = tip - along * kHead;
            heads.push_back(QPolygonF({back + across * kHead / 2, tip, back - across * kHead / 2}));
        }
        before += part.length();
    }
    return heads;
}

void TrailOverlay::paint(QPainter& painter, const EmbeddingView& view) const {
    const ScatterFrame frame = view.frame();
    for (const Trail& trail : trails_) {
        const auto end = view.screenPositionOf(trail.sample);
        if (!end || trail.places.empty()) continue;
        QPolygonF line;
        for (const MapPlace& place : trail.places) line << frame.screenFrom(place);
        // The point may have gone on since it was recorded last, and may still glide.
        if (QLineF(line.last(), *end).length() > 1)
            line << *end;
        else
            line.last() = *end;
        if (line.size() == 1) continue;
        QColor color = trail.color, rim = view.palette().color(QPalette::Base);
        rim.setAlphaF(kStrongest);  // over points of the same colour
        painter.setPen(QPen(rim, 4, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        painter.setBrush(Qt::NoBrush);
        painter.drawPolyline(line);
        for (qsizetype i = 1; i < line.size(); ++i) {
            const float share = static_cast<float>(i) / static_cast<float>(line.size() - 1);
            color.setAlphaF(kFaintest + (kStrongest - kFaintest) * share);
            painter.setPen(QPen(color, 2));
            painter.drawLine(line[i - 1], line[i]);
        }
        painter.setPen(QPen(rim, 1));
        painter.setBrush(trail.color);
        for (const QPolygonF& head : arrowheadsOf(line)) painter.drawPolygon(head);
        painter.setPen(QPen(view.palette().color(QPalette::Text), 2));
        painter.setBrush(trail.color);
        painter.drawEllipse(line.first(), kStart, kStart);
    }
    painter.setBrush(Qt::NoBrush);
}

}  // namespace embedscope
