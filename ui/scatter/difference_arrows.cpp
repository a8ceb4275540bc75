#include "ui/scatter/difference_arrows.h"

#include <QLineF>
#include <QPainter>
#include <QPolygonF>

namespace embedscope {
namespace {

constexpr double kShortest = 5, kHead = 8, kHeadAngle = 24;  // logical pixels; degrees to either side

void paintHead(QPainter& painter, const QLineF& line) {
    QPolygonF head{line.p2()};
    for (const double side : {-kHeadAngle, kHeadAngle}) {
        QLineF edge(line.p2(), line.p1());
        edge.setLength(kHead);
        edge.setAngle(edge.angle() + side);
        head << edge.p2();
    }
    painter.drawPolygon(head);
}

}  // namespace

std::vector<std::int32_t> rowsOfSamples(const Layout& layout, std::size_t samples) {
    std::vector<std::int32_t> rows(samples, -1);
    for (std::size_t row = 0; row < layout.samples->size(); ++row)
        rows[static_cast<std::size_t>((*layout.samples)[row])] = static_cast<std::int32_t>(row);
    return rows;
}

void paintArrows(QPainter& painter, const std::vector<SampleArrow>& arrows) {
    for (const SampleArrow& arrow : arrows) {
        const QLineF line(arrow.from, arrow.to);
        if (line.length() < kShortest) continue;
        painter.setPen(QPen(arrow.color, 1.2));
        painter.setBrush(Qt::NoBrush);
        painter.drawLine(line);
        painter.setPen(Qt::NoPen);
        painter.setBrush(arrow.color);
        paintHead(painter, line);
    }
    painter.setBrush(Qt::NoBrush);
}

}  // namespace embedscope
