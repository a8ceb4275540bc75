#include "ui/icons.h"

#include <QGuiApplication>
#include <QIconEngine>
#include <QPainter>
#include <QPainterPath>
#include <QPalette>

namespace embedscope {
namespace {

/// All symbols are drawn in a square of 24 units.
void drawOpen(QPainter& painter) {
    QPainterPath folder;
    folder.moveTo(3, 18.5);
    folder.lineTo(3, 6);
    folder.lineTo(9, 6);
    folder.lineTo(11, 8.5);
    folder.lineTo(21, 8.5);
    folder.lineTo(21, 18.5);
    folder.closeSubpath();
    painter.drawPath(folder);
}

void drawSample(QPainter& painter) {
    for (const QRectF& tile : {QRectF(4, 4, 7, 7), QRectF(13, 4, 7, 7), QRectF(4, 13, 7, 7), QRectF(13, 13, 7, 7)})
        painter.drawRoundedRect(tile, 1.5, 1.5);
}

void drawNew(QPainter& painter) {
    painter.drawLine(12, 5, 12, 19);
    painter.drawLine(5, 12, 19, 12);
}

void drawPlay(QPainter& painter) {
    painter.setBrush(painter.pen().color());
    painter.drawPolygon(QPolygonF({{7, 5}, {19, 12}, {7, 19}}));
}

void drawPause(QPainter& painter) {
    painter.setBrush(painter.pen().color());
    painter.drawRect(QRectF(7, 6, 2.5, 12));
    painter.drawRect(QRectF(14.5, 6, 2.5, 12));
}

void drawStep(QPainter& painter) {
    painter.setBrush(painter.pen().color());
    painter.drawPolygon(QPolygonF({{6, 6}, {15, 12}, {6, 18}}));
    painter.drawLine(18, 6, 18, 18);
}

void drawStop(QPainter& painter) {
    painter.setBrush(painter.pen().color());
    painter.drawRoundedRect(QRectF(7, 7, 10, 10), 1, 1);
}

void drawRestart(QPainter& painter) {
    painter.drawArc(QRectF(5, 5, 14, 14), 60 * 16, 290 * 16);
    painter.setBrush(painter.pen().color());
    painter.drawPolygon(QPolygonF({{15, 2.5}, {20, 6.5}, {14.5, 9}}));
}

void drawFit(QPainter& painter) {
    for (const int side : {-1, 1})
        for (const int edge : {-1, 1}) {
            const QPointF corner(12 + 8 * side, 12 + 8 * edge);
            painter.drawLine(corner, corner - QPointF(5 * side, 0));
            painter.drawLine(corner, corner - QPointF(0, 5 * edge));
        }
    painter.drawEllipse(QPointF(12, 12), 1.5, 1.5);
}

void drawFreeze(QPainter& painter) {
    painter.drawRoundedRect(QRectF(5, 11, 14, 9), 2, 2);
    painter.drawArc(QRectF(8, 4, 8, 13), 0, 180 * 16);
}

void drawHelp(QPainter& painter) {
    painter.drawEllipse(QPointF(12, 12), 8.5, 8.5);
    painter.drawArc(QRectF(9, 6.5, 6, 6), -60 * 16, 240 * 16);
    painter.drawLine(QPointF(12, 12.5), QPointF(12, 14));
    painter.drawPoint(QPointF(12, 17));
}

void drawCompare(QPainter& painter) {
    for (const double left : {3.5, 13.5}) painter.drawRoundedRect(QRectF(left, 5, 7, 14), 1.5, 1.5);
    painter.setBrush(painter.pen().color());
    painter.drawEllipse(QPointF(7, 14.5), 1, 1);
    painter.drawEllipse(QPointF(17, 9.5), 1, 1);
}

void drawMove(QPainter& painter) {
    for (const QPointF& way : {QPointF(1, 0), QPointF(-1, 0), QPointF(0, 1), QPointF(0, -1)}) {
        const QPointF middle(12, 12), end = middle + 8.5 * way, across(way.y(), way.x());
        painter.drawLine(middle, end);
        painter.drawLine(end, end - 3 * way + 3 * across);
        painter.drawLine(end, end - 3 * way - 3 * across);
    }
}

void drawLasso(QPainter& painter) {
    painter.setPen(QPen(painter.pen().color(), painter.pen().widthF(), Qt::DashLine));
    QPainterPath loop(QPointF(8, 17));
    loop.cubicTo(-1, 12, 5, 3, 13, 4);
    loop.cubicTo(24, 5, 22, 17, 13, 17);
    loop.cubicTo(9, 17, 7, 18, 8, 21);
    painter.drawPath(loop);
}

void drawRectangle(QPainter& painter) {
    painter.setPen(QPen(painter.pen().color(), painter.pen().widthF(), Qt::DashLine));
    painter.drawRect(QRectF(4, 6, 16, 12));
}

void drawBrush(QPainter& painter) {
    painter.drawEllipse(QPointF(12, 12), 8, 8);
    painter.setBrush(painter.pen().color());
    for (const QPointF& point : {QPointF(9, 10), QPointF(14, 9), QPointF(13, 15)}) painter.drawEllipse(point, 1, 1);
}

using Draw = void (*)(QPainter&);
constexpr Draw kDraw[] = {drawOpen, drawSample, drawNew,  drawPlay,    drawPause, drawStep,  drawStop,      drawRestart,
                          drawFit,  drawFreeze, drawHelp, drawCompare, drawMove,  drawLasso, drawRectangle, drawBrush};

class SymbolEngine : public QIconEngine {
public:
    SymbolEngine(Symbol symbol, const QColor& ink) : symbol_(symbol), ink_(ink) {}

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State) override {
        const auto group = mode == QIcon::Disabled ? QPalette::Disabled : QPalette::Active;
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        painter->translate(rect.topLeft());
        painter->scale(rect.width() / 24.0, rect.height() / 24.0);
        const QColor ink = ink_.isValid() ? ink_ : QGuiApplication::palette().color(group, QPalette::ButtonText);
        painter->setPen(QPen(ink, 1.7, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        kDraw[static_cast<int>(symbol_)](*painter);
        painter->restore();
    }
    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override {
        QPixmap pixmap(size);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        paint(&painter, QRect(QPoint(), size), mode, state);
        return pixmap;
    }
    QIconEngine* clone() const override { return new SymbolEngine(*this); }

private:
    Symbol symbol_;
    QColor ink_;
};

}  // namespace

QIcon icon(Symbol symbol, const QColor& ink) {
    return QIcon(new SymbolEngine(symbol, ink));
}

}  // namespace embedscope
