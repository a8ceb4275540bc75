#include "ui/scatter/color_key.h"

#include "ui/scatter/color_scale.h"

#include <QFontMetrics>
#include <QLinearGradient>
#include <QLocale>
#include <QPainter>
#include <QPalette>

#include <algorithm>

namespace embedscope {
namespace {

constexpr double kWidth = 230, kBorder = 10, kLine = 18, kBar = 10, kMargin = 12, kGap = 2;

QString numberText(double value) {
    return QLocale().toString(value, 'g', 3);
}

/// What there is no room for ends in "…".
void paintWords(QPainter& painter, const QRectF& room, const QString& words) {
    painter.drawText(room, Qt::AlignLeft | Qt::AlignVCenter,
                     painter.fontMetrics().elidedText(words, Qt::ElideRight, static_cast<int>(room.width())));
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

/// A line with a disc.
void paintKind(QPainter& painter, const QRectF& room, double y, const ColorKey::Kind& kind) {
    const QPen text = painter.pen();
    painter.setPen(Qt::NoPen);
    painter.setBrush(kind.color);
    painter.drawEllipse(QPointF(room.left() + 5, y + kLine / 2), 5, 5);
    painter.setPen(text);
    paintWords(painter, QRectF(room.left() + 18, y, room.width() - 18, kLine), kind.name);
}

void paintKinds(QPainter& painter, const QRectF& room, const ColorKey& key) {
    double y = room.top();
    for (const ColorKey::Kind& kind : key.kinds) {
        paintKind(painter, room, y, kind);
        y += kLine;
    }
}

double heightOf(const ColorKey& key) {
    double lines = key.when.isEmpty() ? 1 : 2;
    lines += key.kinds.empty() ? 1 : static_cast<double>(key.kinds.size());
    const bool hasBar = key.kinds.empty() && key.known;
    if (hasBar && key.unknown > 0) ++lines;
    return 2 * kBorder + lines * kLine + (hasBar ? kBar + kGap : 0);
}

}  // namespace

void paintColorKey(QPainter& painter, const ColorKey& key, const QSizeF& view, double top, const QPalette& palette) {
    if (key.title.isEmpty()) return;
    const QRectF card(view.width() - kWidth - kMargin, top, kWidth, heightOf(key));
    QColor ground = palette.color(QPalette::Base);
    ground.setAlphaF(0.85F);
    painter.setPen(palette.color(QPalette::Mid));
    painter.setBrush(ground);
    painter.drawRoundedRect(card, 6, 6);
    painter.setPen(palette.color(QPalette::Text));
    const QRectF inside = card.adjusted(kBorder, kBorder, -kBorder, -kBorder);
    QRectF rest = inside;
    for (const QString& words : {key.title, key.when}) {
        if (words.isEmpty()) continue;
        paintWords(painter, QRectF(rest.topLeft(), QSizeF(rest.width(), kLine)), words);
        rest.adjust(0, kLine, 0, 0);
        painter.setPen(palette.color(QPalette::PlaceholderText));
    }
    painter.setPen(palette.color(QPalette::Text));
    if (!key.kinds.empty()) {
        paintKinds(painter, rest, key);
    } else if (key.known) {
        paintBar(painter, rest.adjusted(0, kGap, 0, 0), key);
        const QString words = key.unknownName.arg(QLocale().toString(static_cast<qulonglong>(key.unknown)));
        if (key.unknown > 0) paintKind(painter, rest, rest.top() + kGap + kBar + kLine, {unknownColor(), words});
    } else {
        painter.drawText(rest, Qt::AlignLeft | Qt::AlignTop, QObject::tr("not known yet"));
    }
    painter.setBrush(Qt::NoBrush);
}

}  // namespace embedscope
