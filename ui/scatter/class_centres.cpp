#include "ui/scatter/class_centres.h"

#include <QPainter>

#include <algorithm>

namespace embedscope {
namespace {

struct Sum {
    double x = 0, y = 0, z = 0;
    void add(float px, float py, float pz) {
        x += px;
        y += py;
        z += pz;
    }
    MapPlace mean(double count) const {
        return {static_cast<float>(x / count), static_cast<float>(y / count), static_cast<float>(z / count)};
    }
};

struct Sums {
    Sum from, to;
    double count = 0;
};

void paintName(QPainter& painter, const QRectF& room, const QString& name, const QColor& ground, const QColor& ink) {
    painter.setPen(Qt::NoPen);
    painter.setBrush(ground);
    painter.drawRoundedRect(room, room.height() / 2, room.height() / 2);
    painter.setPen(ink);
    painter.drawText(room, Qt::AlignCenter, name);
}

}  // namespace

std::vector<ClassCentre> classCentres(const DrawnPoints& points, const PointDepths& depths, const Layout& layout,
                                      const DataSet& data) {
    std::vector<Sums> sums(data.classNames.size());
    for (std::size_t i = 0; i < points.size(); ++i) {
        const int label = data.samples[static_cast<std::size_t>((*layout.samples)[i])].label;
        if (label < 0 || points[i].style & kHiddenStyle) continue;
        Sums& sum = sums[static_cast<std::size_t>(label)];
        const PointDepth depth = depths.empty() ? PointDepth() : depths[i];
        sum.from.add(points[i].fromX, points[i].fromY, depth.from);
        sum.to.add(points[i].toX, points[i].toY, depth.to);
        ++sum.count;
    }
    std::vector<ClassCentre> centres;
    for (std::size_t label = 0; label < sums.size(); ++label)
        if (const Sums& sum = sums[label]; sum.count > 0)
            centres.push_back({static_cast<int>(label), sum.from.mean(sum.count), sum.to.mean(sum.count)});
    return centres;
}

void paintClassNames(QPainter& painter, const std::vector<ClassCentre>& centres, const DataSet& data,
                     const ScatterFrame& frame, const QPalette& palette) {
    QColor ground = palette.color(QPalette::Base);
    ground.setAlphaF(0.78F);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    QFont font = painter.font();
    font.setWeight(QFont::DemiBold);
    painter.setFont(font);
    std::vector<QRectF> taken;
    for (const ClassCentre& centre : centres) {
        const QString name = QString::fromStdString(data.classNames[static_cast<std::size_t>(centre.label)]);
        const QString text = painter.fontMetrics().elidedText(name, Qt::ElideRight, 160);
        QRectF room(0, 0, painter.fontMetrics().horizontalAdvance(text) + 14, painter.fontMetrics().height() + 4);
        room.moveCenter(frame.screenFrom(mixed(centre.from, centre.to, frame.glide)));
        if (std::ranges::any_of(taken, [&](const QRectF& other) { return other.intersects(room); })) continue;
        taken.push_back(room);
        paintName(painter, room, text, ground, palette.color(QPalette::Text));
    }
    painter.restore();
}

}  // namespace embedscope
