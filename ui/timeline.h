#pragma once

#include "ui/compare/layout_history.h"

#include <QString>
#include <QTimer>
#include <QWidget>

#include <cstdint>
#include <memory>
#include <vector>

class QComboBox;
class QToolButton;

namespace embedscope {

class TimeBar;

/// Something that happened to a run: an alarm, marks that were taken, or a setting that was changed.
struct TimelineEvent {
    std::int64_t step = 0;
    QString text;
    bool operator==(const TimelineEvent&) const = default;
};

/// Under an embedding view: the recorded frames of its run, to step through, to play, or to leave for the live picture.
/// Records in bounded memory; older frames grow sparse.
class Timeline : public QWidget {
    Q_OBJECT
public:
    explicit Timeline(QWidget* parent = nullptr);
    ~Timeline() override;

    void clear();
    /// Records the newest layout. @param snapshot Of the same run.
    void add(const Layout& layout, const Snapshot& snapshot);
    /// The frame chosen; null: the newest, live.
    const RecordedFrame* chosen() const;
    bool isLive() const { return chosen() == nullptr; }
    bool isPlaying() const { return player_.isActive(); }
    /// Layouts up to the chosen one, oldest first.
    std::vector<std::shared_ptr<const Layout>> layoutsSoFar() const;
    std::vector<std::shared_ptr<const Layout>> allLayouts() const;
    bool showsTrails() const;
    /// Marked on the slider, to jump to. In rising order.
    void setEvents(std::vector<TimelineEvent> events);
    const std::vector<TimelineEvent>& events() const { return events_; }
    /// Milliseconds for a frame while it plays.
    int pace() const { return player_.interval(); }

public Q_SLOTS:
    /// Goes so many frames on, or back; behind the last one it is live again.
    void stepBy(int frames);
    void goToFirst();
    void goLive();
    /// To the first frame at or after the next event, or the one before; told by eventReached().
    void jump(bool forth);
    /// From the chosen frame, or from the first.
    void setPlaying(bool playing);

Q_SIGNALS:
    void frameChosen();
    void trailsToggled(bool shown);
    void eventReached(const QString& text);

private:
    QToolButton* addButton(const QString& name, const QString& text, const QString& help);
    std::size_t index() const;
    std::size_t frameOf(const TimelineEvent& event) const;
    void showEvents();
    void makeSpeeds();

    std::unique_ptr<LayoutHistory> history_;
    TimeBar* time_ = nullptr;
    QToolButton *play_ = nullptr, *back_ = nullptr, *forth_ = nullptr, *trails_ = nullptr;
    QToolButton *eventBack_ = nullptr, *eventForth_ = nullptr;
    QComboBox* speed_ = nullptr;
    std::vector<TimelineEvent> events_;
    QTimer player_;
};

}  // namespace embedscope
