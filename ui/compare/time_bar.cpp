#include "ui/compare/time_bar.h"

#include "ui/compare/marked_slider.h"
#include "ui/steady_width.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QMouseEvent>
#include <QSignalBlocker>
#include <QStyle>
#include <QToolButton>

#include <algorithm>
#include <cmath>

namespace embedscope {
namespace {

constexpr int kTicks = 1000;  // of the slider

}  // namespace

TimeBar::TimeBar(QWidget* parent) : QWidget(parent) {
    setObjectName("time_bar");
    axis_ = new QComboBox;
    axis_->setObjectName("time_axis");
    axis_->addItems({tr("Step"), tr("Epoch"), tr("Seconds")});
    axis_->setToolTip(tr("What the slider and the curves count"));
    slider_ = new MarkedSlider;
    slider_->setObjectName("time_slider");
    slider_->setRange(0, kTicks);
    slider_->setValue(kTicks);
    slider_->setSingleStep(kTicks / 200);
    slider_->setPageStep(kTicks / 20);
    slider_->setToolTip(tr("Drag to see all panes as they were at an earlier moment; training goes on meanwhile"));
    slider_->installEventFilter(this);
    text_ = new QLabel;
    text_->setObjectName("time_text");
    live_ = new QToolButton;
    live_->setObjectName("time_live");
    live_->setText(tr("Live"));
    live_->setCheckable(true);
    live_->setProperty("toggle", true);
    live_->setToolTip(tr("Back to now"));
    keepWidth(*live_, {live_->text()});
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(4, 4, 4, 4);
    row->setSpacing(6);
    row->addWidget(axis_);
    row->addWidget(slider_, 1);
    row->addWidget(text_);
    row->addWidget(live_);
    connect(axis_, &QComboBox::currentIndexChanged, this, [this] {
        setMoment(std::nullopt);
        Q_EMIT axisChanged();
    });
    connect(slider_, &QSlider::valueChanged, this, [this](int tick) { setMoment(last_ * tick / kTicks); });
    connect(slider_, &QSlider::actionTriggered, this, &TimeBar::step);
    connect(live_, &QToolButton::clicked, this, [this] { setMoment(std::nullopt); });
    showMoment();
}

/// A click into the groove goes there, and a drag may begin there.
bool TimeBar::eventFilter(QObject* watched, QEvent* event) {
    if (watched == slider_ && event->type() == QEvent::MouseButtonPress && slider_->isEnabled()) {
        const int handle = slider_->style()->pixelMetric(QStyle::PM_SliderLength, nullptr, slider_);
        const int x = static_cast<QMouseEvent*>(event)->position().toPoint().x() - handle / 2;
        slider_->setValue(QStyle::sliderValueFromPosition(0, kTicks, x, slider_->width() - handle));
    }
    return QWidget::eventFilter(watched, event);
}

/// Where only frames are shown, a handle that moved less than as far as the next one would snap back.
void TimeBar::step(int action) {
    const bool isKey = action == QSlider::SliderSingleStepAdd || action == QSlider::SliderSingleStepSub;
    const bool isWheel = action == QSlider::SliderMove && !slider_->isSliderDown();
    const int way = slider_->sliderPosition() - slider_->value();
    if (!framewise_ || way == 0 || !(isKey || isWheel)) return;
    slider_->setSliderPosition(slider_->value());
    Q_EMIT stepped(way > 0 ? 1 : -1);
}

TimeAxis TimeBar::axis() const {
    return static_cast<TimeAxis>(axis_->currentIndex());
}

QString TimeBar::axisLabel() const {
    const QStringList labels{tr("training step"), tr("epoch"), tr("seconds of training")};
    return labels[axis_->currentIndex()];
}

void TimeBar::setLast(double last) {
    if (last == last_) return;
    last_ = last;
    showMoment();
    showMarks();
}

void TimeBar::setMarks(std::vector<std::pair<double, QString>> marks) {
    marks_ = std::move(marks);
    showMarks();
}

void TimeBar::showMarks() {
    std::vector<std::pair<int, QString>> marks;
    for (const auto& [moment, text] : marks_)
        if (last_ > 0 && moment <= last_) marks.emplace_back(static_cast<int>(moment / last_ * kTicks), text);
    slider_->setMarks(std::move(marks));
}

void TimeBar::setMoment(std::optional<double> moment) {
    if (moment && axis() == TimeAxis::Step) moment = std::round(*moment);
    if (moment == moment_) {
        live_->setChecked(!moment_);
        return;
    }
    moment_ = moment;
    showMoment();
    Q_EMIT momentChanged();
}

void TimeBar::showMoment() {
    const QSignalBlocker quiet(slider_);
    const double now = moment_.value_or(last_);
    slider_->setEnabled(last_ > 0);
    if (!slider_->isSliderDown()) {
        const double share = last_ > 0 ? std::clamp(now / last_, 0.0, 1.0) : 1;
        slider_->setValue(static_cast<int>(std::lround(share * kTicks)));
    }
    live_->setChecked(!moment_);
    const QLocale locale;
    const QString names[] = {tr("step %1"), tr("epoch %1"), tr("second %1")};
    const auto textOf = [&](double moment) {
        return names[axis_->currentIndex()].arg(locale.toString(moment, 'f', axis() == TimeAxis::Step ? 0 : 1));
    };
    text_->setText(textOf(now));
    // So that the slider stays under the mouse: room for as many digits, and for a longer run than a short one.
    double widest = 8888;
    while (widest < last_) widest = 10 * widest + 8;
    text_->setMinimumWidth(fontMetrics().horizontalAdvance(textOf(widest)));
}

}  // namespace embedscope
