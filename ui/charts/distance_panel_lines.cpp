// The lines of a distance panel that are dragged, and which pairs it shows.
#include "engine/threshold_rates.h"
#include "ui/charts/chart_theme.h"
#include "ui/charts/distance_panel.h"
#include "ui/charts/distance_strip.h"
#include "ui/charts/frame_limit.h"

#include <qcustomplot.h>

#include <QComboBox>
#include <QEvent>
#include <QLabel>
#include <QMouseEvent>
#include <QToolTip>

#include <algorithm>
#include <cmath>
#include <utility>

namespace embedscope {
namespace {

constexpr double kReach = 6;  // logical pixels around a line

}  // namespace

void DistancePanel::setViewsOffered(bool offered) {
    views_->setVisible(offered);
}

DistanceView DistancePanel::view() const {
    return static_cast<DistanceView>(views_->currentIndex());
}

void DistancePanel::setView(DistanceView view) {
    views_->setCurrentIndex(static_cast<int>(view));
}

void DistancePanel::changeView() {
    plot_->yAxis->setRange(0, 0.1);  // another height altogether
    draw();
}

void DistancePanel::showSplits(const SplitDistances& splits) {
    splits_ = splits;
    if (isVisible()) frames_->request();
}

void DistancePanel::showMoment(std::optional<DistanceMoment> moment) {
    moment_ = std::move(moment);
    if (isVisible()) frames_->request();
}

/// When the pairs are of, while the picture shows the past; else empty.
QString DistancePanel::whenShown() const {
    if (moment_ && view() == DistanceView::All) return tr("step %1").arg(moment_->step);
    return moment_ ? tr("now") : QString();
}

const std::shared_ptr<const DistanceStatistics>& DistancePanel::shown() const {
    if (view() == DistanceView::Training) return splits_.training;
    if (view() == DistanceView::HeldOut) return splits_.heldOut;
    return moment_ ? moment_->distances : distances_;
}

double DistancePanel::threshold() const {
    if (threshold_) return *threshold_;
    return shown() ? bestThreshold(*shown()) : 0;
}

std::optional<double> DistancePanel::marginPlace() const {
    if (draggedMargin_) return draggedMargin_;
    return margin() ? std::optional(margin()->distance) : std::nullopt;
}

void DistancePanel::drawRates() {
    const ThresholdRates rates = ratesAt(*shown(), threshold());
    const ChartTheme theme = chartTheme(*this);
    const auto rate = [&theme](const QString& name, double value, double error) {
        return faintText(theme, name) + " <b>" + percentText(value) + "</b> " +
               faintText(theme, std::isnan(error) ? QString() : "± " + percentText(error));
    };
    rates_->setText(faintText(theme, threshold_ ? tr("threshold") : tr("best threshold")) + " <b>" +
                    shortNumber(threshold()) + "</b> &nbsp; " + rate(tr("FMR"), rates.fmr, rates.fmrError) +
                    " &nbsp; " + rate(tr("FNMR"), rates.fnmr, rates.fnmrError));
}

DistancePanel::Line DistancePanel::lineAt(const QPoint& position) const {
    if (!shown() || !plot_->axisRect()->rect().contains(position)) return Line::None;
    const auto reaches = [&](double place) {
        const double shownAt = std::clamp(place, 0.0, plot_->xAxis->range().upper);
        return std::abs(plot_->xAxis->coordToPixel(shownAt) - position.x()) <= kReach;
    };
    if (reaches(threshold())) return Line::Threshold;
    if (const auto margin = marginPlace(); marginDraggable_ && !moment_ && margin && reaches(*margin))
        return Line::Margin;
    return Line::None;
}

/// @return Whether the event was for a line.
bool DistancePanel::followMouse(QEvent* event) {
    const auto* mouse = dynamic_cast<QMouseEvent*>(event);
    if (!mouse) return false;
    const QPoint position = mouse->position().toPoint();
    switch (event->type()) {
        case QEvent::MouseButtonPress:
            dragged_ = mouse->button() == Qt::LeftButton ? lineAt(position) : Line::None;
            return dragged_ != Line::None;
        case QEvent::MouseButtonDblClick:
            if (lineAt(position) != Line::Threshold) return false;
            threshold_.reset();
            dragged_ = Line::None;
            draw();
            return true;
        case QEvent::MouseMove:
            plot_->setCursor(dragged_ != Line::None || lineAt(position) != Line::None ? Qt::SizeHorCursor
                                                                                      : Qt::ArrowCursor);
            if (dragged_ == Line::None) return false;
            dragTo(position);
            return true;
        case QEvent::MouseButtonRelease:
            if (dragged_ == Line::None) return false;
            endDrag();
            return true;
        default:
            return false;
    }
}

void DistancePanel::dragTo(const QPoint& position) {
    const double x = std::clamp(plot_->xAxis->pixelToCoord(position.x()), 0.0, plot_->xAxis->range().upper);
    (dragged_ == Line::Margin ? draggedMargin_ : threshold_) = x;
    QToolTip::hideText();
    draw();
}

void DistancePanel::endDrag() {
    const Line dragged = std::exchange(dragged_, Line::None);
    const std::optional<double> margin = std::exchange(draggedMargin_, std::nullopt);
    if (dragged == Line::Margin && margin) Q_EMIT marginDragged(*margin);
    draw();
}

}  // namespace embedscope
