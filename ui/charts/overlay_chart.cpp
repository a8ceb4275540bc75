#include "ui/charts/overlay_chart.h"

#include "ui/charts/chart_theme.h"
#include "ui/charts/help_button.h"

#include <qcustomplot.h>

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QMouseEvent>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>

namespace embedscope {
namespace {

constexpr std::size_t kMostMarks = 60;  // beyond, a line without marks reads better
constexpr std::size_t kMostNamed = 8;   // beyond, the head has no room for names

/// The value at the last point that is not right of x.
double valueAt(const OverlayLine& line, double x) {
    const auto after = std::ranges::upper_bound(line.points, x, {}, [](const QPointF& point) { return point.x(); });
    return after == line.points.begin() ? std::numeric_limits<double>::quiet_NaN() : (after - 1)->y();
}

}  // namespace

OverlayChart::OverlayChart(const QString& name, const QString& title, const QString& help, bool percent,
                           QWidget* parent)
    : QWidget(parent), title_(title), percent_(percent) {
    build(name, help);
    applyColors();
    drawHead();
}

void OverlayChart::build(const QString& name, const QString& help) {
    setObjectName(name);
    fillWithGround(*this);
    head_ = new QLabel(this);
    head_->setObjectName(name + "Head");
    head_->setTextFormat(Qt::RichText);
    head_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);  // the text must not set the window's width
    head_->setWordWrap(true);
    plot_ = new QCustomPlot(this);
    plot_->setObjectName(name + "Plot");
    plot_->setMinimumSize(200, 90);
    plot_->yAxis->ticker()->setTickCount(4);
    plot_->installEventFilter(this);
    cursorLine_ = new QCPItemLine(plot_);
    for (QCPItemPosition* end : {cursorLine_->start, cursorLine_->end}) end->setTypeY(QCPItemPosition::ptAxisRectRatio);
    cursorLine_->setVisible(false);
    auto* row = new QHBoxLayout;
    row->setContentsMargins(6, 0, 0, 0);
    row->addWidget(head_, 1);
    row->addWidget(makeHelpButton(name + "Help", help, this), 0, Qt::AlignTop);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(6, 4, 6, 4);
    column->setSpacing(0);
    column->addLayout(row);
    column->addWidget(plot_, 1);
}

void OverlayChart::applyColors() {
    const ChartTheme theme = chartTheme(*this);
    applyTheme(*plot_, theme);
    cursorLine_->setPen(QPen(theme.faint, 1));
    head_->setFont(theme.small);
}

void OverlayChart::setLines(std::vector<OverlayLine> lines, const QString& xLabel) {
    lines_ = std::move(lines);
    plot_->xAxis->setLabel(xLabel);
    draw();
}

void OverlayChart::setCursor(std::optional<double> x) {
    if (x == cursor_) return;
    cursor_ = x;
    draw();
}

void OverlayChart::draw() {
    plot_->clearGraphs();
    for (const OverlayLine& line : lines_) {
        QCPGraph* graph = plot_->addGraph();
        QVector<QCPGraphData> points;
        for (const QPointF& point : line.points) points.append({point.x(), (percent_ ? 100 : 1) * point.y()});
        graph->data()->set(points, true);
        graph->setPen(QPen(line.color, 1.8));
        if (line.points.size() <= kMostMarks)
            graph->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssDisc, line.color, line.color, 5));
    }
    plot_->rescaleAxes();
    const QCPRange x = plot_->xAxis->range(), y = plot_->yAxis->range();
    plot_->xAxis->setRange(x.lower, std::max(x.upper, x.lower + 1e-9) + 0.02 * x.size());
    const double border = std::max(0.08 * y.size(), 1e-6);
    plot_->yAxis->setRange(y.lower - border, y.upper + border);
    cursorLine_->setVisible(cursor_.has_value());
    if (cursor_) {
        cursorLine_->start->setCoords(*cursor_, 0);
        cursorLine_->end->setCoords(*cursor_, 1);
    }
    drawHead();
    plot_->replot(QCustomPlot::rpQueuedReplot);
}

void OverlayChart::drawHead() {
    QString text = "<b>" + title_.toHtmlEscaped() + (percent_ ? " (%)" : "") + "</b>";
    const std::size_t named = lines_.size() > kMostNamed ? 0 : lines_.size();
    for (const OverlayLine& line : std::span(lines_).first(named)) {
        const double value = valueAt(line, cursor_.value_or(std::numeric_limits<double>::max()));
        text += " &nbsp; " + legendEntry(line.color, line.name.toHtmlEscaped()) + " <b>" +
                (percent_ ? percentText(value) : shortNumber(value)) + "</b>";
    }
    head_->setText(text);
}

bool OverlayChart::eventFilter(QObject* watched, QEvent* event) {
    if (watched == plot_ && event->type() == QEvent::MouseButtonPress) {
        const double x = plot_->xAxis->pixelToCoord(static_cast<QMouseEvent*>(event)->position().x());
        Q_EMIT clicked(x);
    }
    return QWidget::eventFilter(watched, event);
}

void OverlayChart::changeEvent(QEvent* event) {
    if (plot_ && (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)) {
        applyColors();
        draw();
    }
    QWidget::changeEvent(event);
}

}  // namespace embedscope
