#include "ui/charts/distance_panel.h"

#include "engine/threshold_rates.h"
#include "ui/charts/chart_theme.h"
#include "ui/charts/density_curve.h"
#include "ui/charts/distance_strip.h"
#include "ui/charts/frame_limit.h"
#include "ui/charts/help_button.h"

#include <qcustomplot.h>

#include <QComboBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QMouseEvent>
#include <QStackedWidget>
#include <QToolButton>
#include <QToolTip>
#include <QVBoxLayout>

#include <algorithm>

namespace embedscope {
namespace {

const char* const kHelp = QT_TRANSLATE_NOOP(
    "DistancePanel",
    "Euclidean distances between the embeddings of pairs of images, drawn once per run so that pictures compare. "
    "<b>Similar</b> pairs share a class, <b>dissimilar</b> pairs do not. Training pulls the first to the left and "
    "pushes the second to the right, beyond the margin. The curves are the "
    "same pairs smoothed (kernel density). Dashed: the two means; their difference is the <b>gap</b>. "
    "<b>AUC</b> is the probability that a similar pair is nearer than a dissimilar one: 0.5 is chance, 1 is perfect. "
    "Dotted: a <b>threshold</b> at which one would decide \"the same\"; <b>FMR</b> is the share of dissimilar pairs "
    "that pass it, <b>FNMR</b> the share of similar pairs that do not, ± a standard error. Drag the threshold, or the "
    "margin of a running training; a double click puts the threshold back to where both errors are least. The list "
    "shows training and held-out pairs apart, as of the last end of an epoch, and the distances over time.");

QCPItemLine* makeVertical(QCustomPlot& plot) {
    auto* line = new QCPItemLine(&plot);
    for (QCPItemPosition* end : {line->start, line->end}) {
        end->setTypeX(QCPItemPosition::ptPlotCoords);
        end->setTypeY(QCPItemPosition::ptAxisRectRatio);
    }
    return line;
}

void moveVertical(QCPItemLine& line, double x) {
    line.start->setCoords(x, 1);
    line.end->setCoords(x, 0);
}

/// Both ends stand at 0, so that the fill closes.
QVector<QCPGraphData> stepCurve(const DistanceDistribution& pairs, double upperEdge) {
    QVector<QCPGraphData> points;
    const std::vector<double> bars = barsOf(pairs);
    points.reserve(static_cast<qsizetype>(bars.size()) + 2);
    points.append({0, 0});
    const double width = upperEdge / kHistogramBins;
    for (std::size_t bin = 0; bin < bars.size(); ++bin)
        points.append({static_cast<double>(bin) * width, 100.0 * bars[bin]});
    points.append({upperEdge, 0});
    return points;
}

QVector<QCPGraphData> smoothCurve(const DistanceDistribution& pairs, double upperEdge) {
    QVector<QCPGraphData> points;
    for (const DensityPoint& point : densityCurve(pairs, upperEdge))
        points.append({point.distance, 100.0 * point.density * upperEdge / kHistogramBins});
    return points;
}

double highestShare(const DistanceDistribution& pairs) {
    return pairs.share.empty() ? 0 : std::ranges::max(barsOf(pairs));
}

}  // namespace

DistancePanel::DistancePanel(QWidget* parent) : QWidget(parent) {
    setObjectName("distancePanel");
    fillWithGround(*this);
    frames_ = std::make_unique<FrameLimit>(kChartFramesPerSecond, [this] { draw(); });
    build();
    applyColors();
    clear();
}

DistancePanel::~DistancePanel() = default;

void DistancePanel::build() {
    caption_ = new QLabel(this);
    caption_->setObjectName("distanceCaption");
    caption_->setWordWrap(true);
    note_ = new QLabel(this);
    note_->setObjectName("distanceNote");
    note_->setAlignment(Qt::AlignCenter);
    note_->setWordWrap(true);
    plot_ = new QCustomPlot(this);
    plot_->setObjectName("distancePlot");
    plot_->setMinimumSize(180, 110);
    plot_->setMouseTracking(true);
    plot_->installEventFilter(this);
    plot_->xAxis->setLabel(tr("Euclidean distance"));
    plot_->yAxis->setLabel(tr("share of pairs (% per bin)"));
    plot_->yAxis->ticker()->setTickCount(4);
    dissimilar_ = makeSide();
    similar_ = makeSide();
    for (Side* side : {&dissimilar_, &similar_}) side->smooth = plot_->addGraph();  // above all bars
    thresholdLine_ = makeVertical(*plot_);
    marginLine_ = makeVertical(*plot_);
    marginText_ = new QCPItemText(plot_);
    marginText_->position->setTypeX(QCPItemPosition::ptPlotCoords);
    marginText_->position->setTypeY(QCPItemPosition::ptAxisRectRatio);

    pages_ = new QStackedWidget(this);
    pages_->addWidget(note_);
    pages_->addWidget(plot_);
    strip_ = new DistanceStrip;
    pages_->addWidget(strip_);
    rates_ = new QLabel(this);
    rates_->setObjectName("distanceRates");
    views_ = new QComboBox;
    views_->setObjectName("distance_view");
    views_->addItems({tr("All pairs"), tr("Training"), tr("Held out"), tr("Over time")});
    views_->hide();
    connect(views_, &QComboBox::currentIndexChanged, this, &DistancePanel::changeView);
    auto* head = new QHBoxLayout;
    head->addWidget(caption_, 1);
    head->addWidget(views_, 0, Qt::AlignTop);
    head->addWidget(makeHelpButton("distanceHelp", tr(kHelp), this), 0, Qt::AlignTop);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(6, 4, 6, 4);
    column->setSpacing(2);
    column->addLayout(head);
    column->addWidget(pages_, 1);
    column->addWidget(rates_);
}

DistancePanel::Side DistancePanel::makeSide() {
    Side side{plot_->addGraph(), nullptr, makeVertical(*plot_)};
    side.histogram->setLineStyle(QCPGraph::lsStepLeft);
    return side;
}

void DistancePanel::applyColors() {
    const ChartTheme theme = chartTheme(*this);
    applyTheme(*plot_, theme);
    plot_->xAxis->grid()->setVisible(false);
    const auto paint = [](const Side& side, const QColor& color) {
        QColor fill = color;
        fill.setAlphaF(0.28);
        QColor outline = color;
        outline.setAlphaF(0.45);
        side.histogram->setPen(QPen(outline, 1));
        side.histogram->setBrush(fill);
        side.smooth->setPen(QPen(color, 1.8));
        side.mean->setPen(QPen(color, 1.2, Qt::DashLine));
    };
    paint(similar_, theme.similar);
    paint(dissimilar_, theme.dissimilar);
    marginLine_->setPen(QPen(theme.ink, 1.4));
    thresholdLine_->setPen(QPen(theme.faint, 1.8, Qt::DotLine));
    rates_->setFont(theme.small);
    marginText_->setColor(theme.ink);
    QColor veil = theme.ground;
    veil.setAlphaF(0.75);
    marginText_->setBrush(veil);
    marginText_->setFont(theme.small);
    caption_->setFont(theme.small);
}

void DistancePanel::showSnapshot(const Snapshot& snapshot) {
    if (!snapshot.distances) return;
    if (snapshot.distances != distances_) strip_->add(snapshot.step, *snapshot.distances);
    showDistances(snapshot.distances, snapshot.marginMark);
}

void DistancePanel::showDistances(std::shared_ptr<const DistanceStatistics> distances,
                                  const std::optional<MarginMark>& margin) {
    distances_ = std::move(distances);
    margin_ = margin;
    if (isVisible()) frames_->request();
}

DistanceAxes DistancePanel::ownAxes() const {
    if (!shown()) return {};
    // A margin beyond the last bin widens the axis, but not so far that the histograms become a sliver.
    const double edge = shown()->upperEdge;
    const double right = margin() ? std::clamp(margin()->distance * 1.05, edge, edge * 1.5) : edge;
    return {right, 100 * std::max(highestShare(shown()->similar), highestShare(shown()->dissimilar))};
}

void DistancePanel::setSharedAxes(const std::optional<DistanceAxes>& axes) {
    if (axes == sharedAxes_) return;
    sharedAxes_ = axes;
    if (isVisible()) frames_->request();
}

void DistancePanel::clear() {
    distances_.reset();
    margin_.reset();
    moment_.reset();
    splits_ = {};
    threshold_.reset();
    strip_->clear();
    draw();
}

void DistancePanel::draw() {
    const std::shared_ptr<const DistanceStatistics>& distances = shown();
    const bool any = distances && distances->similar.count + distances->dissimilar.count > 0;
    pages_->setCurrentIndex(view() == DistanceView::OverTime ? 2 : any ? 1 : 0);
    rates_->setVisible(any && view() != DistanceView::OverTime);
    if (!any) {
        note_->setText(noteText());
        caption_->setText(tr("Pair distances"));
        return;
    }
    drawSide(similar_, distances->similar);
    drawSide(dissimilar_, distances->dissimilar);
    const DistanceAxes axes = sharedAxes_.value_or(ownAxes());
    if (sharedAxes_)
        plot_->yAxis->setRange(0, axes.highest);
    else
        setHeight(axes.highest);
    plot_->xAxis->setRange(0, axes.right);
    drawMargin(axes.right);
    drawThreshold(axes.right);
    drawCaption();
    drawRates();
    plot_->replot(QCustomPlot::rpQueuedReplot);
}

QString DistancePanel::noteText() const {
    if (shown()) return tr("No image has a label, so no pair is known to be similar or dissimilar.");
    if (view() == DistanceView::Training || view() == DistanceView::HeldOut)
        return tr("Training and held-out pairs are measured at the end of each epoch.");
    return tr("The distances of similar and dissimilar pairs appear here when training starts.");
}

void DistancePanel::drawSide(const Side& side, const DistanceDistribution& pairs) {
    side.histogram->data()->set(stepCurve(pairs, shown()->upperEdge), true);
    side.smooth->data()->set(smoothCurve(pairs, shown()->upperEdge), true);
    side.mean->setVisible(pairs.count > 0);
    moveVertical(*side.mean, pairs.mean);
}

/// The axis grows at once and shrinks only when half of it is empty: a scale that trembles cannot be read.
void DistancePanel::setHeight(double highest) {
    const double now = plot_->yAxis->range().upper;
    if (highest > now * 0.95 || highest < now * 0.5) plot_->yAxis->setRange(0, std::max(highest * 1.2, 0.1));
}

void DistancePanel::drawMargin(double right) {
    const std::optional<double> place = marginPlace();
    marginLine_->setVisible(place.has_value());
    marginText_->setVisible(place.has_value());
    if (!place) return;
    const bool beyond = *place > right;
    const double x = std::clamp(*place, 0.0, right);
    moveVertical(*marginLine_, x);
    const bool leftSide = x > right * 0.55;
    const QString label =
        draggedMargin_ ? tr("margin at %1").arg(shortNumber(*place)) : QString::fromStdString(margin()->label);
    marginText_->setPositionAlignment((leftSide ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignTop);
    marginText_->setText(' ' + label + (beyond ? " → " : " "));
    marginText_->position->setCoords(x, 0.01);
}

void DistancePanel::drawThreshold(double right) {
    moveVertical(*thresholdLine_, std::clamp(threshold(), 0.0, right));
}

void DistancePanel::drawCaption() {
    const ChartTheme theme = chartTheme(*this);
    const auto side = [](const QColor& color, const QString& name, const DistanceDistribution& pairs) {
        return legendEntry(color, name + " <b>" + (pairs.count > 0 ? shortNumber(pairs.mean) : "–") + "</b>");
    };
    // Where there is no room for one line, it breaks between numbers, not within one.
    QStringList parts;
    if (const QString when = whenShown(); !when.isEmpty()) parts << "<b>" + when + "</b>";
    parts << side(theme.similar, tr("similar"), shown()->similar)
          << side(theme.dissimilar, tr("dissimilar"), shown()->dissimilar);
    const bool both = shown()->similar.count > 0 && shown()->dissimilar.count > 0;
    if (both) parts << faintText(theme, tr("AUC")) + " <b>" + shortNumber(shown()->auc) + "</b>";
    for (QString& part : parts) part = "<span style='white-space:nowrap'>" + part + "</span>";
    caption_->setText(parts.join(" &nbsp;"));
    QString tip =
        tr("Mean distances of %1 similar and %2 dissimilar pairs, drawn of all: ± %3 and ± %4 (standard error, "
           "pairs taken as independent)")
            .arg(shown()->similar.count)
            .arg(shown()->dissimilar.count)
            .arg(shortNumber(meanError(shown()->similar)), shortNumber(meanError(shown()->dissimilar)));
    if (both)
        tip += tr("; their gap is %1; AUC ± %2")
                   .arg(shortNumber(shown()->dissimilar.mean - shown()->similar.mean), shortNumber(aucError(*shown())));
    if (view() == DistanceView::Training || view() == DistanceView::HeldOut)
        tip += tr(", of step %1").arg(splits_.step);
    caption_->setToolTip(tip);
}

void DistancePanel::showBin(const QPoint& position) {
    const double x = plot_->xAxis->pixelToCoord(position.x());
    const double edge = shown() ? shown()->upperEdge : 0;
    if (x < 0 || x >= edge || !plot_->axisRect()->rect().contains(position)) return QToolTip::hideText();
    const auto bin = std::min<std::size_t>(kHistogramBins - 1, static_cast<std::size_t>(x / edge * kHistogramBins));
    const double width = edge / kHistogramBins;
    const auto share = [bin](const DistanceDistribution& pairs) { return percentText(barsOf(pairs)[bin]); };
    QToolTip::showText(
        plot_->mapToGlobal(position + QPoint(12, 8)),
        tr("<p style='white-space:pre'>distance %1 to %2<br>similar pairs: %3<br>dissimilar pairs: %4</p>")
            .arg(shortNumber(static_cast<double>(bin) * width))
            .arg(shortNumber(static_cast<double>(bin + 1) * width))
            .arg(share(shown()->similar))
            .arg(share(shown()->dissimilar)),
        plot_);
}

bool DistancePanel::eventFilter(QObject* watched, QEvent* event) {
    if (watched == plot_ && followMouse(event)) return true;
    if (watched == plot_ && event->type() == QEvent::MouseMove)
        showBin(static_cast<QMouseEvent*>(event)->position().toPoint());
    return QWidget::eventFilter(watched, event);
}

void DistancePanel::changeEvent(QEvent* event) {
    if (plot_ && (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)) {
        applyColors();
        draw();
    }
    QWidget::changeEvent(event);
}

void DistancePanel::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    draw();
}

}  // namespace embedscope
