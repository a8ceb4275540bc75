#include "ui/compare/event_ticks.h"

#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QStringList>
#include <QToolTip>

#include <cmath>
#include <utility>

namespace embedscope {
namespace {

constexpr int kHeight = 9;
constexpr double kHalf = 4, kReach = 6;  // logical pixels

}  // namespace

EventTicks::EventTicks(QWidget* parent) : QWidget(parent) {
    setObjectName("event_ticks");
    setFixedHeight(kHeight);
    setMouseTracking(true);
    hide();
}

void EventTicks::setEvents(std::vector<TimeEvent> events, double last, int inset) {
    events_ = std::move(events);
    last_ = last;
    inset_ = inset;
    setVisible(!events_.empty() && last_ > 0);
    update();
}

double EventTicks::placeOf(const TimeEvent& event) const {
    return inset_ + event.moment / last_ * (width() - 2 * inset_);
}

void EventTicks::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    for (const TimeEvent& event : events_) {
        const double x = placeOf(event);
        painter.setBrush(event.color);
        painter.drawPolygon(
            QPolygonF({QPointF(x, 0.5), QPointF(x + kHalf, kHeight - 1), QPointF(x - kHalf, kHeight - 1)}));
    }
}

std::vector<const TimeEvent*> EventTicks::eventsAt(double x) const {
    std::vector<const TimeEvent*> found;
    for (const TimeEvent& event : events_)
        if (std::abs(placeOf(event) - x) <= kReach) found.push_back(&event);
    return found;
}

bool EventTicks::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        QStringList texts;
        for (const TimeEvent* one : eventsAt(help->pos().x())) texts << one->text;
        texts.isEmpty() ? QToolTip::hideText() : QToolTip::showText(help->globalPos(), texts.join("\n"), this);
        return true;
    }
    return QWidget::event(event);
}

void EventTicks::mousePressEvent(QMouseEvent* event) {
    const auto found = eventsAt(event->position().x());
    if (!found.empty()) Q_EMIT chosen(found.front()->moment);
}

}  // namespace embedscope
