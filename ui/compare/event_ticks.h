#pragma once

#include <QColor>
#include <QString>
#include <QWidget>

#include <vector>

namespace embedscope {

/// Something that happened at a moment of a run.
struct TimeEvent {
    double moment = 0;  ///< On the axis that is shown.
    QString text;
    QColor color;
};

/// Ticks under a time slider, one an event; the mouse tells what it was, a click goes there.
class EventTicks : public QWidget {
    Q_OBJECT
public:
    explicit EventTicks(QWidget* parent = nullptr);

    /// @param inset Logical pixels from either end to the first and the last moment of the slider.
    void setEvents(std::vector<TimeEvent> events, double last, int inset);
    const std::vector<TimeEvent>& events() const { return events_; }
    /// Where an event is drawn.
    double placeOf(const TimeEvent& event) const;

Q_SIGNALS:
    void chosen(double moment);

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;

private:
    std::vector<const TimeEvent*> eventsAt(double x) const;

    std::vector<TimeEvent> events_;
    double last_ = 0;
    int inset_ = 0;
};

}  // namespace embedscope
