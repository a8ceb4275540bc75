#pragma once

#include "ui/compare/event_ticks.h"
#include "ui/compare/layout_history.h"

#include <QWidget>

#include <optional>
#include <vector>

class QComboBox;
class QLabel;
class QSlider;
class QToolButton;

namespace embedscope {

/// The moment that all panes show: now, or one of the recorded past.
class TimeBar : public QWidget {
    Q_OBJECT
public:
    explicit TimeBar(QWidget* parent = nullptr);

    /// @param last The latest moment that was recorded, on the axis chosen.
    void setLast(double last);
    /// None: now.
    std::optional<double> moment() const { return moment_; }
    void setMoment(std::optional<double> moment);
    /// Ticks under the slider.
    void setEvents(std::vector<TimeEvent> events);
    TimeAxis axis() const;
    /// "training step", "epoch", "seconds of training".
    QString axisLabel() const;

Q_SIGNALS:
    void momentChanged();
    void axisChanged();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void showMoment();

    void showEvents();

    EventTicks* ticks_ = nullptr;
    std::vector<TimeEvent> events_;
    QSlider* slider_ = nullptr;
    QLabel* text_ = nullptr;
    QToolButton* live_ = nullptr;
    QComboBox* axis_ = nullptr;
    std::optional<double> moment_;
    double last_ = 0;
};

}  // namespace embedscope
