#include "ui/learning_rate_field.h"

#include "ui/number_box.h"

#include <QHBoxLayout>
#include <QSignalBlocker>
#include <QSlider>

#include <algorithm>
#include <cmath>

namespace embedscope {
namespace {

// The slider spans what is usual; the number beside it takes all that an experiment allows.
constexpr double kSliderLowest = 1e-6;
constexpr double kSliderHighest = 1;
constexpr double kLowest = 1e-9;
constexpr double kHighest = 1e3;
constexpr int kTicksPerDecade = 20;

int ticksOf(double learningRate) {
    const double inside = std::clamp(learningRate, kSliderLowest, kSliderHighest);
    return static_cast<int>(std::lround(std::log10(inside / kSliderLowest) * kTicksPerDecade));
}

/// Two significant digits: 0.0011, not 0.00112201845.
double learningRateOf(int ticks) {
    const double exact = kSliderLowest * std::pow(10.0, static_cast<double>(ticks) / kTicksPerDecade);
    return QString::number(exact, 'g', 2).toDouble();
}

}  // namespace

LearningRateField::LearningRateField(QWidget* parent)
    : QWidget(parent), slider_(new QSlider(Qt::Horizontal, this)), number_(new NumberBox(this)) {
    slider_->setObjectName("learning_rate_slider");
    slider_->setRange(0, ticksOf(kSliderHighest));
    slider_->setMinimumWidth(96);
    number_->setObjectName("learning_rate");
    number_->setRange(kLowest, kHighest);
    number_->setStepType(QAbstractSpinBox::AdaptiveDecimalStepType);
    number_->setMinimumWidth(96);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->addWidget(slider_, 1);
    layout->addWidget(number_);
    connect(slider_, &QSlider::valueChanged, number_, [this](int ticks) { number_->setValue(learningRateOf(ticks)); });
    connect(number_, &NumberBox::valueChanged, this, [this](double learningRate) {
        const QSignalBlocker quiet(slider_);  // else the slider would round the number
        slider_->setValue(ticksOf(learningRate));
        Q_EMIT changed(learningRate);
    });
    setFocusProxy(number_);
    setValue(1e-3);
}

double LearningRateField::value() const {
    return number_->value();
}

void LearningRateField::setValue(double learningRate) {
    const QSignalBlocker quietNumber(number_);
    const QSignalBlocker quietSlider(slider_);
    number_->setValue(learningRate);
    slider_->setValue(ticksOf(learningRate));
}

}  // namespace embedscope
