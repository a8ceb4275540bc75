#include "ui/compare/marked_slider.h"

#include <QHelpEvent>
#include <QPainter>
#include <QStringList>
#include <QStyle>
#include <QToolTip>

#include <cstdlib>

namespace embedscope {
namespace {

constexpr int kReach = 4;  // logical pixels around the cursor

}  // namespace

void MarkedSlider::setMarks(std::vector<std::pair<int, QString>> marks) {
    marks_ = std::move(marks);
    update();
}

int MarkedSlider::placeOf(int value) const {
    const int handle = style()->pixelMetric(QStyle::PM_SliderLength, nullptr, this);
    return handle / 2 + QStyle::sliderPositionFromValue(minimum(), maximum(), value, width() - handle);
}

void MarkedSlider::paintEvent(QPaintEvent* event) {
    QSlider::paintEvent(event);
    QPainter painter(this);
    for (const auto& [value, text] : marks_)
        painter.fillRect(placeOf(value) - 1, height() - 4, 2, 4, palette().color(QPalette::Highlight));
}

bool MarkedSlider::event(QEvent* event) {
    if (event->type() != QEvent::ToolTip) return QSlider::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    QStringList texts;
    for (const auto& [value, text] : marks_)
        if (std::abs(placeOf(value) - help->pos().x()) <= kReach && texts.size() < 5) texts << text;
    if (texts.isEmpty()) return QSlider::event(event);
    QToolTip::showText(help->globalPos(), texts.join('\n'), this);
    return true;
}

}  // namespace embedscope
