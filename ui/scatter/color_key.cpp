#include "ui/scatter/color_key.h"

#include "ui/scatter/color_scale.h"

#include <QLinearGradient>
#include <QLocale>
#include <QPainter>
#include <QPalette>

#include <algorithm>

namespace embedscope {
namespace {

constexpr double kWidth = 230, kBorder = 10, kLine = 18, kBar = 10, kMargin = 12;

QString numberText(double value) {
    return QLocale().toString(value, 'g', 3);
}

void paintBar(QPainter& painter, const QRectF& room, const ColorKey& key) {
    const QRectF bar(room.left(), room.top(), room.width(), kBar);
    QLinearGradient gradient(bar.topLeft(), bar.topRight());
    for (int i = 0; i <= 8; ++i) gradient.setColorAt(i / 8.0, scaleColor(i / 8.0));
    painter.fillRect(bar, gradient);
    const QRectF below(bar.left(), bar.bottom() + 2, bar.width(), kLine);
    painter.drawText(below, Qt::AlignLeft | Qt::AlignVCenter, numberText(key.low));
    painter.drawText(below, Qt::AlignRight | Qt::AlignVCenter, numberText(key.high));
}

void paintKinds(QPainter& painter, const QRectF& room, const ColorKey& key) {
    double y = room.top();
    for (const ColorKey::Kind& kind : key.kinds) {
        const QPen text = painter.pen();
        painter.setPen(Qt::NoPen);
        painter.setBrush(kind.color);
        painter.drawEllipse(QPointF(room.left() + 5, y + kLine / 2), 5, 5);
        painter.setPen(text);
        painter.drawText(QRectF(room.left() + 18, y, room.width() - 18, kLine), Qt::AlignLeft | Qt::AlignVCenter,
                         kind.name);
        y += kLine;
    }
}

}  // namespace

void paintColorKey(QPainter& painter, const ColorKey& key, const QSizeF& view, double top, const QPalette& palette) {
    if (key.title.isEmpty()) return;
    const double lines = key.kinds.empty() ? 2 : static_cast<double>(key.kinds.size() + 1);
    const double height = 2 * kBorder + lines * kLine + (key.kinds.empty() && key.known ? kBar : 0);
    const QRectF card(view.width() - kWidth - kMargin, top, kWidth, height);
    QColor ground = palette.color(QPalette::Base);
    ground.setAlphaF(0.85F);
    painter.setPen(palette.color(QPalette::Mid));
    painter.setBrush(ground);
    painter.drawRoundedRect(card, 6, 6);
    painter.setPen(palette.color(QPalette::Text));
    const QRectF inside = card.adjusted(kBorder, kBorder, -kBorder, -kBorder);
    painter.drawText(QRectF(inside.topLeft(), QSizeF(inside.width(), kLine)), Qt::AlignLeft | Qt::AlignVCenter,
                     key.title);
    const QRectF rest = inside.adjusted(0, kLine, 0, 0);
    if (!key.kinds.empty())
        paintKinds(painter, rest, key);
    else if (key.known)
        paintBar(painter, rest.adjusted(0, 2, 0, 0), key);
    else
        painter.drawText(rest, Qt::AlignLeft | Qt::AlignTop, QObject::tr("not known yet"));
    painter.setBrush(Qt::NoBrush);
}

}  // namespace embedscope
