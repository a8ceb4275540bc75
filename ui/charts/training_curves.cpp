#include "ui/charts/training_curves.h"

#include "ui/charts/chart_theme.h"
#include "ui/charts/curve_chart.h"
#include "ui/charts/frame_limit.h"

#include <QEvent>
#include <QLabel>
#include <QLocale>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace embedscope {
namespace {

std::vector<Curve> distanceCurves() {
    Curve similar{TrainingCurves::tr("similar"), ChartInk::Similar, &MetricsRow::similarMean};
    similar.low = &MetricsRow::similarP10;
    similar.high = &MetricsRow::similarP90;
    Curve dissimilar{TrainingCurves::tr("dissimilar"), ChartInk::Dissimilar, &MetricsRow::dissimilarMean};
    dissimilar.low = &MetricsRow::dissimilarP10;
    dissimilar.high = &MetricsRow::dissimilarP90;
    return {similar, dissimilar};
}

std::vector<Curve> lossCurves() {
    Curve loss{TrainingCurves::tr("loss"), ChartInk::First, &MetricsRow::loss};
    Curve active{TrainingCurves::tr("active"), ChartInk::Second, &MetricsRow::activeFraction};
    active.percent = true;
    active.onRight = true;
    return {active, loss};
}

std::vector<Curve> recallCurves() {
    Curve recall{TrainingCurves::tr("hold-out"), ChartInk::First, &MetricsRow::recallAt1};
    recall.percent = true;
    recall.points = true;
    recall.fromZero = false;
    return {recall};
}

}  // namespace

TrainingCurves::TrainingCurves(QWidget* parent) : QWidget(parent) {
    setObjectName("trainingCurves");
    fillWithGround(*this);
    frames_ = std::make_unique<FrameLimit>(kChartFramesPerSecond, [this] { draw(); });
    build();
    caption_->setFont(chartTheme(*this).small);
    clear();
}

TrainingCurves::~TrainingCurves() = default;

void TrainingCurves::build() {
    caption_ = new QLabel(this);
    caption_->setObjectName("curvesCaption");
    caption_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    note_ = new QLabel(tr("The curves of distances, loss and Recall@1 appear here when training starts."), this);
    note_->setObjectName("curvesNote");
    note_->setAlignment(Qt::AlignCenter);
    note_->setWordWrap(true);
    auto* stack = new QWidget(this);
    charts_ = {
        new CurveChart("distanceCurves", tr("Distance"),
                       tr("Mean Euclidean distance of similar and of dissimilar pairs; the bands hold the middle 80 % "
                          "of the pairs. The further the two part, the better the classes separate. The dashed line "
                          "is where the margin of the loss stands now, over the steps of this loss. A dotted vertical: "
                          "a setting was changed; hover it to read which."),
                       distanceCurves(), stack),
        new CurveChart(
            "lossCurves", tr("Training"),
            tr("Left axis: the loss of the batches. Right axis: the <b>active</b> share of pairs or "
               "triplets, those whose loss is not zero. When it comes near 0 % there is little left to "
               "learn from: choose a harder miner or a larger margin. After another loss was chosen the left axis "
               "has room for this one."),
            lossCurves(), stack),
        new CurveChart("recallCurve", tr("Recall@1"),
                       tr("Share of the held-out images whose nearest other held-out image has the same class, before "
                          "training and at the end of every epoch. These images are never trained on."),
                       recallCurves(), stack)};
    auto* column = new QVBoxLayout(stack);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    const int stretch[] = {5, 4, 4};
    for (std::size_t i = 0; i < charts_.size(); ++i) {
        charts_[i]->setEdges(i == 0, i + 1 == charts_.size());
        column->addWidget(charts_[i], stretch[i]);
        connect(charts_[i], &CurveChart::hovered, this, [this](double step) { setCursor(step); });
        connect(charts_[i], &CurveChart::left, this, [this] { setCursor(std::nullopt); });
    }
    pages_ = new QStackedWidget(this);
    pages_->addWidget(note_);
    pages_->addWidget(stack);
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(6, 4, 6, 4);
    outer->setSpacing(2);
    outer->addWidget(pages_, 1);
    outer->addWidget(caption_);
}

void TrainingCurves::showSnapshot(const Snapshot& snapshot) {
    const bool sameMargin = snapshot.marginMark.has_value() == margin_.has_value() &&
                            (!margin_ || snapshot.marginMark->distance == margin_->distance);
    const bool changed = changes_.follow(snapshot);
    if (!snapshot.history || (snapshot.history == history_ && sameMargin && !changed)) return;
    history_ = snapshot.history;
    margin_ = snapshot.marginMark;
    stepsPerEpoch_ = static_cast<double>(snapshot.stepsPerEpoch);
    if (isVisible()) frames_->request();
}

void TrainingCurves::clear() {
    history_.reset();
    margin_.reset();
    changes_.clear();
    cursor_.reset();
    draw();
}

void TrainingCurves::draw() {
    const bool any = history_ && !history_->empty();
    pages_->setCurrentIndex(any ? 1 : 0);
    caption_->setVisible(any);
    if (!any) return;
    const auto first = static_cast<double>(history_->front().step);
    const auto last = static_cast<double>(history_->back().step);
    const std::optional<std::int64_t> lossSince = changes_.newestLossChange();
    charts_[0]->setMark(margin_, lossSince);
    charts_[1]->setScaleSince(lossSince);
    std::vector<double> changedAt;
    for (const SettingChange& change : changes_.all()) changedAt.push_back(static_cast<double>(change.step));
    for (CurveChart* chart : charts_) {
        chart->setHistory(*history_);
        chart->setChanges(changedAt);
        chart->setSteps(first, std::max(last, first + 1), stepsPerEpoch_);
        chart->setCursor(cursor_);
        chart->draw();
    }
    drawCaption();
}

std::size_t TrainingCurves::nearestRow(double step) const {
    const auto after = std::ranges::lower_bound(*history_, step, {},
                                                [](const MetricsRow& row) { return static_cast<double>(row.step); });
    auto index = static_cast<std::size_t>(std::distance(history_->begin(), after));
    if (index == history_->size()) return index - 1;
    if (index > 0 && step - static_cast<double>((*history_)[index - 1].step) < static_cast<double>(after->step) - step)
        --index;
    return index;
}

/// What was changed nearer to this row than to another.
QString TrainingCurves::changesAt(std::size_t row) const {
    QStringList texts;
    for (const SettingChange& change : changes_.all())
        if (nearestRow(static_cast<double>(change.step)) == row) texts << change.text;
    return texts.join(", ");
}

void TrainingCurves::drawCaption() {
    const std::size_t at = cursor_ ? nearestRow(*cursor_) : history_->size() - 1;
    const MetricsRow& row = (*history_)[at];
    const ChartTheme theme = chartTheme(*this);
    const auto part = [&](const QString& name, const QString& value) {
        return faintText(theme, name) + " <b>" + value + "</b> &nbsp; ";
    };
    const QString changes = changesAt(at);
    const QString changed = changes.isEmpty() ? QString() : part(tr("changed"), changes.toHtmlEscaped());
    caption_->setText(part(tr("step"), QLocale(QLocale::English).toString(static_cast<qlonglong>(row.step))) +
                      part(tr("epoch"), QString::number(row.epoch, 'f', 2)) +
                      part(tr("time"), tr("%1 s").arg(row.seconds, 0, 'f', 0)) +
                      part(tr("speed"), tr("%1 images/s").arg(shortNumber(row.imagesPerSecond))) + changed);
}

void TrainingCurves::setCursor(std::optional<double> step) {
    if (!history_ || history_->empty()) return;
    if (step) step = static_cast<double>((*history_)[nearestRow(*step)].step);
    if (step == cursor_) return;
    cursor_ = step;
    for (CurveChart* chart : charts_) {
        chart->setCursor(cursor_);
        chart->draw();
    }
    drawCaption();
}

void TrainingCurves::changeEvent(QEvent* event) {
    if (pages_ && (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)) {
        caption_->setFont(chartTheme(*this).small);
        draw();
    }
    QWidget::changeEvent(event);
}

void TrainingCurves::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    draw();
}

}  // namespace embedscope
