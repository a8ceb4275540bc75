#include "app/train_command.h"

#include "app/doorbell.h"
#include "app/frame_recording.h"
#include "app/headless_pictures.h"
#include "app/interrupt.h"
#include "app/load_images.h"
#include "app/progress.h"
#include "app/train_summary.h"
#include "app/write_failures.h"
#include "engine/health.h"
#include "engine/live_points.h"
#include "engine/marks.h"
#include "engine/run_resume.h"
#include "engine/trace.h"

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <iostream>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>

namespace embedscope {
namespace {

constexpr int kInterrupted = 130;  // What a shell expects after Ctrl+C.
constexpr int kNotAllWritten = 3;  // Trained to the end, but not all of it is in its folder.

/// A line for each alarm when it is raised.
class AlarmLines {
public:
    explicit AlarmLines(Progress& progress) : progress_(progress) {}
    /// @param health Null: none yet.
    void say(const HealthState* health) {
        if (!health) return;
        for (const Alarm& alarm : health->alarms)
            if (said_.emplace(alarm.id, alarm.sinceStep).second)
                progress_.say("Alarm since step " + std::to_string(alarm.sinceStep) + ": " + alarm.sentence + ' ' +
                              alarm.advice);
    }

private:
    Progress& progress_;
    std::set<std::pair<std::string, std::int64_t>> said_;
};

/// Who else sees what the run shows; null: nobody.
struct Onlookers {
    FrameRecording* recording;
    LivePoints* live;
    WriteFailures* failures;
};

std::shared_ptr<const Snapshot> followToTheEnd(Run& run, const Onlookers& onlookers, Doorbell& bell,
                                               const Interrupt& interrupt, Progress& progress) {
    AlarmLines alarms(progress);
    while (true) {
        const std::shared_ptr<const Snapshot> snapshot = run.latest();
        progress.show(*snapshot);
        if (onlookers.live) onlookers.live->offer(snapshot->bank);
        alarms.say(run.health().get());
        if (const std::string news = onlookers.failures->news(); !news.empty()) progress.say(news);
        if (snapshot->phase == RunPhase::Failed) throw std::runtime_error(snapshot->message);
        if (snapshot->ended()) {
            FrameRecording* recording = onlookers.recording;
            while (recording && !interrupt.raised() && !recording->finish(*snapshot)) bell.wait();
            return snapshot;
        }
        if (onlookers.recording) onlookers.recording->take(*snapshot);
        if (interrupt.raised()) run.requestStop();
        bell.wait();
    }
}

/// Before the images are read, which may take minutes.
void refuseUsedFolder(const std::filesystem::path& out) {
    if (!out.empty() && std::filesystem::exists(out / "experiment.json"))
        throw std::runtime_error("\"" + out.string() + "\" already holds a run; choose another folder.");
}

/// What a run starts with.
struct Beginning {
    Experiment experiment;
    std::shared_ptr<const Checkpoint> from;  ///< Null: a new run.
};

Beginning beginningOf(const TrainOptions& options, Progress& progress) {
    if (options.resume.empty()) return {experimentOf(options), nullptr};
    ResumePoint point = resumePointOf(options.resume);
    for (const std::string& notice : point.notices) progress.say(notice + " An older checkpoint is used.");
    return {resumedExperiment(options, point), std::move(point.checkpoint)};
}

/// Null: none are named.
std::shared_ptr<const Marks> marksOf(const TrainOptions& options, const DataSet& data, Progress& progress) {
    if (options.marks.empty()) return nullptr;
    MarksRead read = readMarks(options.marks, data);
    if (!read.remark().empty()) progress.say(read.remark());
    return std::make_shared<const Marks>(std::move(read.marks));
}

RunStart startOf(const TrainOptions& options, Beginning beginning, std::shared_ptr<const DataSet> data,
                 const PictureStyle& style, WriteFailures& failures, Progress& progress) {
    RunStart start;
    start.marks = marksOf(options, *data, progress);
    start.runId = 1;
    start.experiment = std::move(beginning.experiment);
    start.from = std::move(beginning.from);
    if (!options.resume.empty())
        start.recorder = resumeRunFolder(options.resume, start.from.get());
    else if (!options.out.empty())
        start.recorder = createRunFolder(options.out);
    start.recorder = failures.watch(std::move(start.recorder));
    if (!options.pictures.empty())
        start.recorder = withPictures(std::move(start.recorder), options.pictures, data, style);
    start.data = std::move(data);
    return start;
}

/// Where the run is kept; empty: nowhere.
const std::filesystem::path& folderOf(const TrainOptions& options) {
    return options.resume.empty() ? options.out : options.resume;
}

void report(const TrainOptions& options, const DataSet& data, const Snapshot& last, const HealthState* health,
            int failedWrites) {
    TrainSummary summary = summaryOf(data, last, health);
    summary.failedWrites = failedWrites;
    const std::filesystem::path& folder = folderOf(options);
    std::cout << (options.json ? summaryJson(summary, folder) : summaryText(summary, folder)) << std::endl;
}

void sayWhatWasSkipped(const DataSet& data, Progress& progress) {
    constexpr std::size_t kMost = 20;
    for (std::size_t i = 0; i < std::min(kMost, data.skipped.size()); ++i)
        progress.say("Skipped " + data.skipped[i].path + ": " + data.skipped[i].reason);
    if (data.skipped.size() > kMost)
        progress.say("… and " + std::to_string(data.skipped.size() - kMost) + " more were skipped.");
}

/// Before the training, not after it.
void refuseMissingFolder(const std::filesystem::path& picture) {
    if (picture.empty()) return;
    const std::filesystem::path folder = picture.has_parent_path() ? picture.parent_path() : ".";
    std::error_code error;
    if (!std::filesystem::is_directory(folder, error))
        throw std::runtime_error("The picture cannot be written: there is no folder \"" + folder.string() + "\".");
}

}  // namespace

int runTrain(const TrainOptions& options, const RunFactory& startRun) {
    std::optional<Trace> trace;  // first: it outlives the threads that it records
    if (!options.trace.empty()) trace.emplace(options.trace);
    Progress progress(options.quiet);
    Beginning beginning = beginningOf(options, progress);
    Experiment& experiment = beginning.experiment;
    refuseUsedFolder(options.out);
    refuseMissingFolder(options.picture);
    if (!options.picture.empty() || !options.pictures.empty() || !options.record.empty()) prepareHeadlessPictures();
    const PictureStyle style{{options.pictureSize.first, options.pictureSize.second}, options.dark};

    Doorbell bell;
    const Interrupt interrupt(bell);
    std::shared_ptr<const DataSet> data = loadImages(experiment.data, imageCacheOf(options), bell, interrupt, progress);
    if (!data) return kInterrupted;
    sayWhatWasSkipped(*data, progress);
    if (experiment.name.empty()) experiment.name = data->name;
    data = preparedFor(experiment, *data);

    WriteFailures failures;
    RunStart start = startOf(options, std::move(beginning), data, style, failures, progress);
    start.wakeUp = [&bell] { bell.ring(); };
    std::optional<FrameRecording> recording;
    if (!options.record.empty())
        recording.emplace(options.record, Choice{options.projection, {}}, data, style, [&bell] { bell.ring(); });
    const std::unique_ptr<Run> run = startRun(std::move(start));
    std::optional<LivePoints> live;
    if (const std::filesystem::path folder = folderOf(options); !folder.empty()) live.emplace(folder);
    const Onlookers onlookers{recording ? &*recording : nullptr, live ? &*live : nullptr, &failures};
    const std::shared_ptr<const Snapshot> last = followToTheEnd(*run, onlookers, bell, interrupt, progress);
    if (!options.picture.empty() && last->bank) writePicture(options.picture, last->bank, *data, style);
    progress.finishLine();
    if (!last->message.empty() && failures.summary().empty()) progress.say(last->message);
    report(options, *data, *last, run->health().get(), failures.count());
    if (trace) trace->finish();
    if (const std::string incomplete = failures.summary(); !incomplete.empty()) {
        std::cerr << "embedscope: " << incomplete << '\n';
        return kNotAllWritten;
    }
    return interrupt.raised() ? kInterrupted : 0;
}

}  // namespace embedscope
