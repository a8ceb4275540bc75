#include "ui/charts/chart_theme.h"

#include <qcustomplot.h>

#include <QLocale>
#include <QPalette>
#include <QWidget>

#include <cmath>

namespace embedscope {
namespace {

QColor mixed(const QColor& one, const QColor& other, double shareOfOne) {
    const auto channel = [&](int a, int b) {
        return static_cast<int>(std::lround(a * shareOfOne + b * (1 - shareOfOne)));
    };
    return {channel(one.red(), other.red()), channel(one.green(), other.green()), channel(one.blue(), other.blue())};
}

}  // namespace

QColor ChartTheme::color(ChartInk which) const {
    switch (which) {
        case ChartInk::Similar:
            return similar;
        case ChartInk::Dissimilar:
            return dissimilar;
        case ChartInk::First:
            return first;
        case ChartInk::Second:
            return second;
    }
    return ink;
}

ChartTheme chartTheme(const QWidget& widget) {
    const QPalette palette = widget.palette();
    ChartTheme theme;
    theme.ground = palette.color(QPalette::Base);
    theme.ink = palette.color(QPalette::Text);
    theme.faint = mixed(theme.ink, theme.ground, 0.62);
    theme.grid = mixed(theme.ink, theme.ground, 0.12);
    const bool dark = theme.ground.lightnessF() < 0.5;
    // Okabe and Ito's set: told apart by every kind of colour vision.
    theme.similar = dark ? QColor(0x56, 0xB4, 0xE9) : QColor(0x00, 0x72, 0xB2);
    theme.dissimilar = dark ? QColor(0xE6, 0x9F, 0x00) : QColor(0xD5, 0x5E, 0x00);
    theme.first = dark ? QColor(0x4F, 0xD1, 0xA5) : QColor(0x00, 0x86, 0x5F);
    theme.second = dark ? QColor(0xE0, 0x9C, 0xC4) : QColor(0xA8, 0x4F, 0x86);
    theme.small = widget.font();
    theme.small.setPointSizeF(std::max(7.0, widget.font().pointSizeF() * 0.85));
    return theme;
}

void fillWithGround(QWidget& panel) {
    panel.setAutoFillBackground(true);
    panel.setBackgroundRole(QPalette::Base);
}

void applyTheme(QCPAxis& axis, const ChartTheme& theme) {
    axis.setBasePen(QPen(theme.grid));
    axis.setTickPen(QPen(theme.grid));
    axis.setSubTickPen(Qt::NoPen);
    axis.setTickLabelColor(theme.faint);
    axis.setTickLabelFont(theme.small);
    axis.setLabelColor(theme.faint);
    axis.setLabelFont(theme.small);
    axis.setTickLabelPadding(3);
    axis.setLabelPadding(2);
    axis.setTickLength(0, 3);
    axis.grid()->setPen(QPen(theme.grid, 1));
    axis.grid()->setZeroLinePen(QPen(theme.grid, 1));
    axis.grid()->setSubGridVisible(false);
}

void applyTheme(QCustomPlot& plot, const ChartTheme& theme) {
    plot.setBackground(theme.ground);
    for (QCPAxis* axis : plot.axisRect()->axes()) applyTheme(*axis, theme);
}

QString legendEntry(const QColor& color, const QString& text) {
    return QString("<span style='color:%1'>■</span>&nbsp;<span style='white-space:nowrap'>%2</span>")
        .arg(color.name(), text);
}

QString faintText(const ChartTheme& theme, const QString& text) {
    return QString("<span style='color:%1'>%2</span>").arg(theme.faint.name(), text);
}

QString shortNumber(double value) {
    if (!std::isfinite(value)) return "–";
    const double size = std::abs(value);
    const QLocale english(QLocale::English);
    if (size >= 100) return english.toString(value, 'f', 0);
    if (size >= 10) return english.toString(value, 'f', 1);
    if (size >= 0.1 || size == 0) return english.toString(value, 'f', size >= 1 ? 2 : 3);
    return english.toString(value, 'g', 2);
}

QString percentText(double share) {
    return std::isfinite(share) ? QString("%1 %").arg(share * 100, 0, 'f', 1) : "–";
}

}  // namespace embedscope
