#include "ui/timeline.h"

#include "ui/compare/time_bar.h"
#include "ui/icons.h"

#include <QHBoxLayout>
#include <QToolButton>

#include <algorithm>

namespace embedscope {
namespace {

constexpr int kPlayPace = 120;  // milliseconds a frame: points glide in 150

}  // namespace

Timeline::Timeline(QWidget* parent) : QWidget(parent), history_(std::make_unique<LayoutHistory>()), time_(new TimeBar) {
    setObjectName("timeline");
    play_ = addButton("timeline_play", tr("Play"), tr("Shows the recorded frames one after the other (K)"));
    play_->setIcon(icon(Symbol::Play));
    play_->setCheckable(true);
    back_ = addButton("timeline_back", "[", tr("One recorded frame back ([)"));
    forth_ = addButton("timeline_forth", "]", tr("One recorded frame on (])"));
    trails_ = addButton("timeline_trails", tr("Trails"),
                        tr("Lines that the selected points, or the one that was clicked, have left on the map"));
    trails_->setCheckable(true);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(12, 0, 8, 0);
    row->setSpacing(4);
    for (QToolButton* button : {play_, back_, forth_}) row->addWidget(button);
    row->addWidget(time_, 1);
    row->addWidget(trails_);
    player_.setInterval(kPlayPace);
    connect(&player_, &QTimer::timeout, this, [this] { stepBy(1); });
    connect(play_, &QToolButton::clicked, this, &Timeline::setPlaying);
    connect(back_, &QToolButton::clicked, this, [this] { stepBy(-1); });
    connect(forth_, &QToolButton::clicked, this, [this] { stepBy(1); });
    connect(trails_, &QToolButton::toggled, this, &Timeline::trailsToggled);
    connect(time_, &TimeBar::momentChanged, this, [this] {
        if (isLive()) setPlaying(false);
        Q_EMIT frameChosen();
    });
    connect(time_, &TimeBar::axisChanged, this, [this] {
        if (!history_->frames().empty()) time_->setLast(history_->frames().back().at(time_->axis()));
        showEvents();
    });
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
    history_->clear();
    time_->setLast(0);
    time_->setMoment(std::nullopt);
    setEvents({});
}

void Timeline::setEvents(std::vector<TimelineEvent> events) {
    if (events.empty() && events_.empty()) return;
    events_ = std::move(events);
    showEvents();
}

/// Where a step lies on another axis is known of the recorded frames, and between two of them.
void Timeline::showEvents() {
    const std::vector<RecordedFrame>& frames = history_->frames();
    std::vector<TimeEvent> shown;
    for (const TimelineEvent& event : events_) {
        const auto after = std::ranges::lower_bound(frames, event.step, {}, &RecordedFrame::step);
        if (after == frames.end()) continue;  // comes with the next frame
        double moment = after->at(time_->axis());
        if (after != frames.begin() && after->step > event.step) {
            const RecordedFrame& before = *(after - 1);
            const double share = static_cast<double>(event.step - before.step) /
                                 static_cast<double>(std::max<std::int64_t>(1, after->step - before.step));
            moment = before.at(time_->axis()) + share * (moment - before.at(time_->axis()));
        }
        shown.push_back({moment, event.text, event.color});
    }
    time_->setEvents(std::move(shown));
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
