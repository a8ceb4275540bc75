#include "ui/charts/curve_chart.h"

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

namespace embedscope {
namespace {

// Fixed, so that the charts of a stack share their left and right edges.
constexpr int kLeftMargin = 54;
constexpr int kRightMargin = 40;
constexpr int kMostEpochLines = 12;

QVector<QCPGraphData> columnOf(const std::vector<MetricsRow>& history, double MetricsRow::*column, double scale) {
    QVector<QCPGraphData> points;
    points.reserve(static_cast<qsizetype>(history.size()));
    for (const MetricsRow& row : history)
        // A loss without an active share ends its curve; what is measured at epoch ends only has no gaps between.
        if (std::isfinite(row.*column) || (column == &MetricsRow::activeFraction && std::isfinite(row.loss)))
            points.append({static_cast<double>(row.step), scale * row.*column});
    return points;
}

QVector<QCPGraphData> measureOf(const std::vector<MetricsRow>& history, const std::string& id, double scale) {
    QVector<QCPGraphData> points;
    for (const MetricsRow& row : history) {
        if (!row.measures) continue;
        const auto found = row.measures->find(id);
        if (found != row.measures->end() && std::isfinite(found->second))
            points.append({static_cast<double>(row.step), scale * found->second});
    }
    return points;
}

/// 1, 2, 5, 10, 20, 50 ...: the first that leaves at most `most` of `count`.
double niceStride(double count, double most) {
    double stride = 1;
    for (int i = 0; count / stride > most; ++i) stride *= (i % 3 == 1) ? 2.5 : 2;
    return stride;
}

class PercentTicker : public QCPAxisTicker {
protected:
    QString getTickLabel(double tick, const QLocale& locale, QChar format, int precision) override {
        return QCPAxisTicker::getTickLabel(tick, locale, format, precision) + " %";
    }
};

void writePercent(QCPAxis& axis) {
    axis.setTicker(QSharedPointer<PercentTicker>::create());
    axis.ticker()->setTickCount(3);
}

/// By the points after a step.
void widen(std::optional<QCPRange>& range, const QCPGraph* graph, double after) {
    bool found = false;
    const QCPRange own = graph->data()->valueRange(found, QCP::sdBoth, QCPRange(after, QCPRange::maxRange));
    if (!found) return;
    if (!range) range = own;
    range->expand(own);
}

}  // namespace

CurveChart::CurveChart(const QString& name, const QString& title, const QString& help, std::vector<Curve> curves,
                       QWidget* parent)
    : QWidget(parent), title_(title) {
    build(name, help);
    for (const Curve& curve : curves) addLine(curve);
    makeEndLabels();
    applyColors();
}

void CurveChart::build(const QString& name, const QString& help) {
    setObjectName(name);
    head_ = new QLabel(this);
    head_->setObjectName(name + "Head");
    head_->setTextFormat(Qt::RichText);
    plot_ = new QCustomPlot(this);
    plot_->setObjectName(name + "Plot");
    plot_->setMinimumSize(160, 64);
    plot_->setMouseTracking(true);
    plot_->installEventFilter(this);
    plot_->axisRect()->setupFullAxesBox(false);
    plot_->axisRect()->setAutoMargins(QCP::MarginSides(QCP::msTop) | QCP::msBottom);
    plot_->axisRect()->setMargins({kLeftMargin, 0, kRightMargin, 0});
    plot_->axisRect()->setMinimumMargins({kLeftMargin, 4, kRightMargin, 4});
    plot_->yAxis->ticker()->setTickCount(3);
    plot_->yAxis2->setVisible(false);
    plot_->yAxis2->setRange(0, 105);
    plot_->yAxis2->setTickLabels(true);
    writePercent(*plot_->yAxis2);
    plot_->xAxis2->setVisible(true);
    plot_->xAxis2->grid()->setVisible(true);
    plot_->xAxis->grid()->setVisible(false);

    auto* row = new QHBoxLayout;
    row->setContentsMargins(6, 0, 0, 0);
    row->addWidget(head_, 1);
    row->addWidget(makeHelpButton(name + "Help", help, this), 0, Qt::AlignTop);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(row);
    column->addWidget(plot_, 1);
    // The text must not set the width of the window.
    head_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
}

void CurveChart::addLine(const Curve& curve) {
    QCPAxis* axis = curve.onRight ? plot_->yAxis2 : plot_->yAxis;
    Line line{curve};
    if (curve.low) {
        line.low = plot_->addGraph(plot_->xAxis, axis);
        line.high = plot_->addGraph(plot_->xAxis, axis);
        line.high->setChannelFillGraph(line.low);
    }
    line.value = plot_->addGraph(plot_->xAxis, axis);
    if (curve.onRight)
        axis->setVisible(true);
    else if (curve.percent)
        writePercent(*axis);
    lines_.push_back(line);
}

void CurveChart::makeEndLabels() {
    cursorLine_ = new QCPItemLine(plot_);
    for (QCPItemPosition* end : {cursorLine_->start, cursorLine_->end}) end->setTypeY(QCPItemPosition::ptAxisRectRatio);
    markLine_ = new QCPItemLine(plot_);
    for (QCPItemPosition* end : {markLine_->start, markLine_->end}) end->setTypeX(QCPItemPosition::ptAxisRectRatio);
    markText_ = new QCPItemText(plot_);
    markText_->position->setTypeX(QCPItemPosition::ptAxisRectRatio);
    markText_->setPositionAlignment(Qt::AlignRight | Qt::AlignBottom);
    firstText_ = new QCPItemText(plot_);
    lastText_ = new QCPItemText(plot_);
    for (QCPItemText* text : {firstText_, lastText_}) {
        text->setPadding({3, 3, 3, 3});
        text->setVisible(false);
    }
    cursorLine_->setVisible(false);
    setMark(std::nullopt);
}

void CurveChart::applyColors() {
    const ChartTheme theme = chartTheme(*this);
    applyTheme(*plot_, theme);
    plot_->xAxis2->setBasePen(Qt::NoPen);
    for (const Line& line : lines_) {
        const QColor color = theme.color(line.curve.ink);
        line.value->setPen(QPen(color, 1.6));
        if (line.curve.points) {
            line.value->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssDisc, color, color, 5));
            for (QCPItemText* text : {firstText_, lastText_}) text->setColor(color);
        }
        if (!line.low) continue;
        QColor band = color;
        band.setAlphaF(0.2);
        line.low->setPen(Qt::NoPen);
        line.high->setPen(Qt::NoPen);
        line.high->setBrush(band);
    }
    cursorLine_->setPen(QPen(theme.faint, 1));
    markLine_->setPen(QPen(theme.ink, 1, Qt::DashLine));
    for (QCPItemLine* line : changeLines_) line->setPen(QPen(theme.ink, 1, Qt::DotLine));
    markText_->setColor(theme.ink);
    for (QCPItemText* text : {markText_, firstText_, lastText_}) text->setFont(theme.small);
    head_->setFont(theme.small);
}

void CurveChart::setEdges(bool highest, bool lowest) {
    plot_->xAxis2->setTickLabels(highest);
    plot_->xAxis2->setLabel(highest ? tr("epoch") : QString());
    plot_->xAxis->setTickLabels(lowest);
    plot_->xAxis->setLabel(lowest ? tr("training step") : QString());
}

void CurveChart::setHistory(const std::vector<MetricsRow>& history) {
    for (const Line& line : lines_) {
        const double scale = line.curve.percent ? 100 : 1;
        line.value->data()->set(line.curve.measure.empty() ? columnOf(history, line.curve.value, scale)
                                                           : measureOf(history, line.curve.measure, scale),
                                true);
        if (!line.low) continue;
        line.low->data()->set(columnOf(history, line.curve.low, scale), true);
        line.high->data()->set(columnOf(history, line.curve.high, scale), true);
    }
    setScale();
    placeEndLabels();
}

std::optional<QCPRange> CurveChart::rangeOfLeftAxis(double after) const {
    std::optional<QCPRange> range;
    for (const Line& line : lines_)
        for (const QCPGraph* graph : {line.value, line.low, line.high})
            if (graph && !line.curve.onRight) widen(range, graph, after);
    return range;
}

void CurveChart::setScale() {
    const double all = -QCPRange::maxRange;
    std::optional<QCPRange> range = rangeOfLeftAxis(scaleSince_ ? static_cast<double>(*scaleSince_) + 0.5 : all);
    if (!range) range = rangeOfLeftAxis(all);
    if (!range) return;
    const bool fromZero =
        std::ranges::all_of(lines_, [](const Line& line) { return line.curve.onRight || line.curve.fromZero; });
    if (mark_) range->expand(std::min(mark_->distance, range->upper * 1.5));
    // Room above and below for the written values; never thinner than what rounding leaves.
    const double pad = std::max(range->size() * (fromZero ? 0.12 : 0.35), std::abs(range->upper) * 1e-3 + 1e-9);
    plot_->yAxis->setRange(fromZero ? std::min(0.0, range->lower) : range->lower - pad, range->upper + pad);
}

void CurveChart::placeEndLabels() {
    for (const Line& line : lines_) {
        if (!line.curve.points) continue;
        const auto points = line.value->data();
        lastText_->setVisible(!points->isEmpty());
        firstText_->setVisible(points->size() > 1);
        if (points->isEmpty()) continue;
        const bool percent = line.curve.percent;
        const auto place = [percent](QCPItemText& text, const QCPGraphData& at, Qt::Alignment side) {
            text.setText(percent ? QString("%1 %").arg(at.value, 0, 'f', 1) : shortNumber(at.value));
            text.position->setCoords(at.key, at.value);
            text.setPositionAlignment(side);
        };
        const QCPGraphData& last = *(points->constEnd() - 1);
        place(*firstText_, *points->constBegin(), Qt::AlignLeft | Qt::AlignTop);
        place(*lastText_, last,
              points->size() > 1 ? Qt::AlignRight | Qt::AlignBottom : Qt::AlignLeft | Qt::AlignBottom);
    }
}

void CurveChart::setMark(const std::optional<MarginMark>& mark, std::optional<std::int64_t> since) {
    mark_ = mark;
    markLine_->setVisible(mark.has_value());
    markText_->setVisible(mark.has_value());
    if (!mark) return;
    markLine_->start->setTypeX(since ? QCPItemPosition::ptPlotCoords : QCPItemPosition::ptAxisRectRatio);
    markLine_->start->setCoords(since ? static_cast<double>(*since) : 0, mark->distance);
    markLine_->end->setCoords(1, mark->distance);
    markText_->setText(QString::fromStdString(mark->label) + ' ');
    markText_->position->setCoords(1, mark->distance);
}

void CurveChart::setChanges(const std::vector<double>& steps) {
    for (QCPItemLine* line : changeLines_) plot_->removeItem(line);
    changeLines_.clear();
    for (const double step : steps) {
        auto* line = new QCPItemLine(plot_);
        for (QCPItemPosition* end : {line->start, line->end}) end->setTypeY(QCPItemPosition::ptAxisRectRatio);
        line->start->setCoords(step, 0);
        line->end->setCoords(step, 1);
        line->setPen(QPen(chartTheme(*this).ink, 1, Qt::DotLine));
        changeLines_.push_back(line);
    }
}

void CurveChart::setSteps(double first, double last, double stepsPerEpoch) {
    plot_->xAxis->setRange(first, last);
    if (stepsPerEpoch <= 0) return;
    // The upper axis counts epochs; its grid is the light verticals.
    const double epochs = (last - first) / stepsPerEpoch;
    const auto ticker = QSharedPointer<QCPAxisTickerFixed>::create();
    ticker->setTickStep(niceStride(epochs, kMostEpochLines));
    ticker->setScaleStrategy(QCPAxisTickerFixed::ssNone);
    plot_->xAxis2->setTicker(ticker);
    plot_->xAxis2->setRange(first / stepsPerEpoch, last / stepsPerEpoch);
}

double CurveChart::valueAt(const Line& line, double step) const {
    const auto points = line.value->data();
    if (points->isEmpty()) return MetricsRow::kNone;
    auto after = points->findBegin(step, false);
    if (after == points->constEnd()) --after;
    if (after != points->constBegin() && step - (after - 1)->key < after->key - step) --after;
    return after->value;
}

void CurveChart::setCursor(std::optional<double> step) {
    cursor_ = step;
    cursorLine_->setVisible(step.has_value());
    if (step) {
        cursorLine_->start->setCoords(*step, 0);
        cursorLine_->end->setCoords(*step, 1);
    }
}

void CurveChart::drawHead() {
    const ChartTheme theme = chartTheme(*this);
    QString text = "<b>" + title_ + "</b>";
    for (const Line& line : lines_) {
        const double value = valueAt(line, cursor_.value_or(std::numeric_limits<double>::max()));
        text += " &nbsp; " + legendEntry(theme.color(line.curve.ink), line.curve.name) + " <b>" +
                (std::isnan(value)    ? QString("–")
                 : line.curve.percent ? percentText(value / 100)
                                      : shortNumber(value)) +
                "</b>";
    }
    head_->setText(text);
}

void CurveChart::draw() {
    drawHead();
    plot_->replot(QCustomPlot::rpQueuedReplot);
}

bool CurveChart::eventFilter(QObject* watched, QEvent* event) {
    if (watched == plot_ && event->type() == QEvent::MouseMove)
        Q_EMIT hovered(plot_->xAxis->pixelToCoord(static_cast<QMouseEvent*>(event)->position().x()));
    if (watched == plot_ && event->type() == QEvent::Leave) Q_EMIT left();
    return QWidget::eventFilter(watched, event);
}

void CurveChart::changeEvent(QEvent* event) {
    if (lastText_ && (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)) {
        applyColors();
        draw();
    }
    QWidget::changeEvent(event);
}

}  // namespace embedscope
