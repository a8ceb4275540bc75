#pragma once

#include <QColor>
#include <QFont>
#include <QString>

class QCPAxis;
class QCustomPlot;
class QWidget;

namespace embedscope {

/// What a curve is about; the theme knows its colour on light and on dark ground.
enum class ChartInk { Similar, Dissimilar, First, Second };

/// Colours and type of a chart, taken from the palette of its widget.
struct ChartTheme {
    QColor ground, ink, faint, grid;
    QColor similar, dissimilar, first, second;
    QFont small;

    QColor color(ChartInk ink) const;
};

ChartTheme chartTheme(const QWidget& widget);

/// The whole panel on the ground of its chart, so that head and plot are one.
void fillWithGround(QWidget& panel);

/// Ground, axes, grid and type of the plot.
void applyTheme(QCustomPlot& plot, const ChartTheme& theme);
void applyTheme(QCPAxis& axis, const ChartTheme& theme);

/// A coloured square and text, as rich text for a legend.
QString legendEntry(const QColor& color, const QString& text);
/// Text in the theme's faint colour, as rich text.
QString faintText(const ChartTheme& theme, const QString& text);

/// "0.412", "12.3", "1,240", "0.00012": three significant digits, no more; an en dash for NaN.
QString shortNumber(double value);
/// "41.2 %"; an en dash for NaN.
QString percentText(double share);

}  // namespace embedscope
