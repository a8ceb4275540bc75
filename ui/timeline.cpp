#include "ui/timeline.h"

#include "ui/compare/time_bar.h"
#include "ui/icons.h"
#include "ui/steady_width.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QToolButton>

#include <algorithm>

namespace embedscope {
namespace {

constexpr int kPlayPace = 120;  // milliseconds a frame: points glide in 150
constexpr double kSpeeds[] = {0.25, 0.5, 1, 2, 4};
constexpr int kUsualSpeed = 2, kSpeedWidth = 66;

}  // namespace

Timeline::Timeline(QWidget* parent) : QWidget(parent), history_(std::make_unique<LayoutHistory>()), time_(new TimeBar) {
    setObjectName("timeline");
    play_ = addButton("timeline_play", tr("Play"), tr("Shows the recorded frames one after the other (K)"));
    play_->setIcon(icon(Symbol::Play));
    play_->setCheckable(true);
    back_ = addButton("timeline_back", "[", tr("One recorded frame back ([)"));
    forth_ = addButton("timeline_forth", "]", tr("One recorded frame on (])"));
    trails_ = addButton(
        "timeline_trails", tr("Trails"),
        tr("Lines that the selected points, or the one that was clicked, have left on the map: from a ring, where they "
           "were first, along the arrowheads to where they are"));
    trails_->setCheckable(true);
    eventBack_ =
        addButton("timeline_event_back", "⇤", tr("To the event before: an alarm or a changed setting (Ctrl+[)"));
    eventForth_ =
        addButton("timeline_event_forth", "⇥", tr("To the next event: an alarm or a changed setting (Ctrl+])"));
    makeSpeeds();
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(12, 0, 8, 0);
    row->setSpacing(3);
    for (QToolButton* button : {play_, back_, forth_, eventBack_, eventForth_}) {
        button->setProperty("narrow", true);  // the slider needs the room
        row->addWidget(button);
    }
    row->addWidget(speed_);
    row->addWidget(time_, 1);
    row->addWidget(trails_);
    connect(&player_, &QTimer::timeout, this, [this] { stepBy(1); });
    connect(play_, &QToolButton::clicked, this, &Timeline::setPlaying);
    connect(back_, &QToolButton::clicked, this, [this] { stepBy(-1); });
    connect(forth_, &QToolButton::clicked, this, [this] { stepBy(1); });
    connect(eventBack_, &QToolButton::clicked, this, [this] { jump(false); });
    connect(eventForth_, &QToolButton::clicked, this, [this] { jump(true); });
    connect(trails_, &QToolButton::toggled, this, &Timeline::trailsToggled);
    connect(time_, &TimeBar::momentChanged, this, [this] {
        // The moment is that of the frame which is shown.
        const RecordedFrame* frame = chosen();
        const double moment = frame ? frame->at(time_->axis()) : 0;
        if (frame && moment != *time_->moment()) return time_->setMoment(moment);
        if (!frame) setPlaying(false);
        Q_EMIT frameChosen();
    });
    time_->setFramewise();
    keepWidth(*trails_, {trails_->text()});
    connect(time_, &TimeBar::stepped, this, &Timeline::stepBy);
    connect(time_, &TimeBar::axisChanged, this, [this] {
        if (!history_->frames().empty()) time_->setLast(history_->frames().back().at(time_->axis()));
        showEvents();
    });
    setEvents({});
}

void Timeline::makeSpeeds() {
    speed_ = new QComboBox;
    speed_->setObjectName("timeline_speed");
    speed_->setMaximumWidth(kSpeedWidth);
    speed_->setToolTip(tr("How fast the recorded frames are played"));
    for (const double speed : kSpeeds) speed_->addItem(QString("%1×").arg(speed));
    connect(speed_, &QComboBox::currentIndexChanged, this,
            [this](int index) { player_.setInterval(static_cast<int>(kPlayPace / kSpeeds[index])); });
    player_.setInterval(kPlayPace);
    speed_->setCurrentIndex(kUsualSpeed);
}

Timeline::~Timeline() = default;

QToolButton* Timeline::addButton(const QString& name, const QString& text, const QString& help) {
    auto* button = new QToolButton;
    button->setObjectName(name);
    button->setText(text);
    button->setToolTip(help);
    button->setProperty("toggle", true);
    button->setFocusPolicy(Qt::TabFocus);
    return button;
}

void Timeline::clear() {
    setPlaying(false);
    setEvents({});
    history_->clear();
    time_->setLast(0);
    time_->setMoment(std::nullopt);
}

void Timeline::add(const Layout& layout, const Snapshot& snapshot) {
    history_->add(layout, snapshot);
    time_->setLast(history_->frames().back().at(time_->axis()));
    if (!events_.empty()) showEvents();
}

const RecordedFrame* Timeline::chosen() const {
    return time_->moment() ? history_->at(time_->axis(), *time_->moment()) : nullptr;
}

/// Of the frame that is shown.
std::size_t Timeline::index() const {
    const std::vector<RecordedFrame>& frames = history_->frames();
    const RecordedFrame* frame = chosen();
    return frame ? static_cast<std::size_t>(frame - frames.data()) : frames.size() - 1;
}

std::vector<std::shared_ptr<const Layout>> Timeline::layoutsSoFar() const {
    std::vector<std::shared_ptr<const Layout>> layouts;
    const std::vector<RecordedFrame>& frames = history_->frames();
    for (std::size_t i = 0; i < frames.size() && i <= index(); ++i) layouts.push_back(frames[i].layout);
    return layouts;
}

std::vector<std::shared_ptr<const Layout>> Timeline::allLayouts() const {
    std::vector<std::shared_ptr<const Layout>> layouts;
    for (const RecordedFrame& frame : history_->frames()) layouts.push_back(frame.layout);
    return layouts;
}

bool Timeline::showsTrails() const {
    return trails_->isChecked();
}

void Timeline::stepBy(int frames) {
    const std::vector<RecordedFrame>& all = history_->frames();
    if (all.empty()) return;
    const auto last = static_cast<std::ptrdiff_t>(all.size()) - 1;
    const double now = all[index()].at(time_->axis());
    std::ptrdiff_t next = std::max<std::ptrdiff_t>(0, static_cast<std::ptrdiff_t>(index()) + frames);
    // Several frames may lie in one second of training: of those only the last can be told.
    while (frames < 0 && next > 0 && all[static_cast<std::size_t>(next)].at(time_->axis()) >= now) --next;
    if (next >= last)
        goLive();
    else
        time_->setMoment(all[static_cast<std::size_t>(next)].at(time_->axis()));
}

void Timeline::setEvents(std::vector<TimelineEvent> events) {
    for (QToolButton* button : {eventBack_, eventForth_}) button->setEnabled(!events.empty());
    if (events == events_) return;
    events_ = std::move(events);
    showEvents();
}

/// The first frame at or after it; the last one if none is.
std::size_t Timeline::frameOf(const TimelineEvent& event) const {
    const std::vector<RecordedFrame>& frames = history_->frames();
    const auto found = std::ranges::lower_bound(frames, event.step, {}, &RecordedFrame::step);
    return found == frames.end() ? frames.size() - 1 : static_cast<std::size_t>(found - frames.begin());
}

void Timeline::showEvents() {
    std::vector<std::pair<double, QString>> marks;
    if (!history_->frames().empty())
        for (const TimelineEvent& event : events_)
            marks.emplace_back(history_->frames()[frameOf(event)].at(time_->axis()),
                               tr("step %1: %2").arg(event.step).arg(event.text));
    time_->setMarks(std::move(marks));
}

void Timeline::jump(bool forth) {
    const std::vector<RecordedFrame>& frames = history_->frames();
    if (frames.empty()) return;
    const TimelineEvent* found = nullptr;
    for (const TimelineEvent& event : events_) {
        const std::size_t frame = frameOf(event);
        if (forth ? !found && frame > index() : frame < index()) found = &event;
    }
    if (!found) return;
    setPlaying(false);
    time_->setMoment(frames[frameOf(*found)].at(time_->axis()));
    Q_EMIT eventReached(tr("Step %1: %2").arg(found->step).arg(found->text));
}

void Timeline::goToFirst() {
    if (!history_->frames().empty()) time_->setMoment(history_->frames().front().at(time_->axis()));
}

void Timeline::goLive() {
    time_->setMoment(std::nullopt);
}

void Timeline::setPlaying(bool playing) {
    playing = playing && history_->frames().size() > 1;
    if (playing && isLive()) goToFirst();
    playing ? player_.start() : player_.stop();
    play_->setChecked(playing);
    play_->setIcon(icon(playing ? Symbol::Pause : Symbol::Play));
}

}  // namespace embedscope
