// The past of the run on its page: recorded frames, trails, events, and the replay as files.
#include "ui/charts/distance_panel.h"
#include "ui/inspector/sample_panel.h"
#include "ui/replay_saver.h"
#include "ui/scatter/embedding_view.h"
#include "ui/scatter/trails.h"
#include "ui/timeline.h"
#include "ui/work_view.h"

#include <algorithm>

namespace embedscope {

void WorkView::connectTime() {
    trails_ = std::make_shared<TrailOverlay>();
    replay_ = new ReplaySaver(*view_);
    connect(replay_, &ReplaySaver::progressed, this, [this](int frames, int all) {
        Q_EMIT told(tr("Writing the replay: %1 of %2 frames").arg(frames).arg(all));
    });
    connect(replay_, &ReplaySaver::finished, this, [this](const QString& sentence) {
        showChosenFrame();
        if (!sentence.isEmpty()) Q_EMIT told(sentence);
    });
    connect(replay_, &ReplaySaver::failed, this, &WorkView::failed);
    view_->addOverlay(trails_);
    connect(timeline_, &Timeline::frameChosen, this, &WorkView::showChosenFrame);
    connect(timeline_, &Timeline::trailsToggled, this, &WorkView::showTrails);
    connect(timeline_, &Timeline::eventReached, this, &WorkView::told);
    connect(view_, &EmbeddingView::selectionChanged, this, &WorkView::showTrails);
}

void WorkView::showChosenFrame() {
    const RecordedFrame* frame = timeline_->chosen();
    if (frame) {
        view_->showProxies({}, {});  // where they and a picture asked about were then is not recorded
        view_->setQuery(std::nullopt);
        view_->showLayout(frame->layout);
        sample_->showMap(frame->layout, frame->step);
        distances_->showMoment(DistanceMoment{frame->step, frame->distances, frame->margin});
    } else {
        distances_->showMoment(std::nullopt);
        showLive();
    }
    showLosses();
    showTrails();
}

void WorkView::showTrails() {
    const bool all = timeline_->showsTrails(), one = selected_ >= 0 && (all || sample_->showsPath());
    if (!(all || one) || !view_->dataSet()) {
        trails_->show({});
    } else {
        std::vector<int> samples = all ? view_->selection() : std::vector<int>{};
        if (one) samples.insert(samples.begin(), selected_);
        trails_->show(trailsOf(timeline_->layoutsSoFar(), samples, *view_->dataSet()));
    }
    view_->refresh();
}

const std::vector<Trail>& WorkView::trails() const {
    return trails_->trails();
}

/// Alarms, marks and changed settings, in the order of their steps.
void WorkView::showEvents() {
    std::vector<TimelineEvent> events = events_;
    for (const SettingChange& change : changes_.all()) events.push_back({change.step, change.text});
    if (alarms_)
        for (const Alarm& alarm : alarms_->alarms) {
            const QString sentence = QString::fromStdString(alarm.sentence);
            events.push_back({alarm.sinceStep, sentence});
            if (!alarm.holds()) events.push_back({alarm.overAtStep, tr("Over: %1").arg(sentence)});
        }
    std::ranges::stable_sort(events, {}, &TimelineEvent::step);
    timeline_->setEvents(std::move(events));
}

void WorkView::saveAnimation(const QString& file) {
    replay_->saveAnimation(file, timeline_->allLayouts(), timeline_->pace());
}

void WorkView::saveReplay(const QString& folder) {
    replay_->savePictures(folder, timeline_->allLayouts());
}

}  // namespace embedscope
