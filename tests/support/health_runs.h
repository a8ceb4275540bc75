#pragma once

#include "engine/data_load.h"
#include "engine/health.h"
#include "tests/support/run_watch.h"
#include "tests/support/small_experiment.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

// Short runs on the bundled sample whose health is judged.
namespace embedscope::test {

inline constexpr std::int64_t kSoon = 200;  // steps

/// The bundled sample, 16 pixels wide, a tenth of it held out.
inline std::shared_ptr<const DataSet> sample(std::uint64_t seed = 1) {
    DataSettings settings;
    settings.folder = bundledSampleFolder();
    settings.imageSize = 16;
    settings.holdOutShare = 0.1;
    static const std::shared_ptr<const DataSet> all = loadDataSet(settings);
    return withHoldOut(*all, settings, seed);
}

/// Stops after at least 200 steps, at an epoch's end.
inline Experiment shortExperiment(const DataSet& data) {
    Experiment experiment;
    experiment.encoder = {"small_cnn", {{"width", 8}}};
    experiment.embeddingDimension = 32;
    experiment.sampler = {"p_by_k", {{"batch_size", 40}}};
    experiment.threads = 1;
    experiment.trackedSamples = 400;  // epoch ends measure these
    const auto training = std::ranges::count(data.samples, Split::Train, &Sample::split);
    experiment.epochs = static_cast<int>(kSoon / std::max<std::int64_t>(1, training / 40)) + 1;
    return experiment;
}

inline std::string listOf(const std::vector<Alarm>& alarms) {
    std::string text;
    for (const Alarm& alarm : alarms)
        text += alarm.id + " at " + std::to_string(alarm.sinceStep) + ": " + alarm.sentence + " " + alarm.advice + "\n";
    return text;
}

inline const Alarm* find(const std::vector<Alarm>& alarms, std::string_view id) {
    const auto found = std::ranges::find(alarms, id, &Alarm::id);
    return found == alarms.end() ? nullptr : &*found;
}

inline bool isPaused(const Snapshot& now) {
    return now.phase == RunPhase::Paused;
}

/// Of a run that is paused.
inline bool stepTo(RunWatch& watch, std::int64_t step) {
    for (std::int64_t next = watch.latest()->step + 1; next <= step; ++next) {
        watch.run().post(StepOnce{});
        if (!watch.waitFor([next](const Snapshot& now) { return isPaused(now) && now.step == next; })) return false;
    }
    return true;
}

inline double newestRecall(const Snapshot& now) {
    double recall = MetricsRow::kNone;
    for (const MetricsRow& row : *now.history)
        if (!std::isnan(row.recallAt1)) recall = row.recallAt1;
    return recall;
}

inline std::vector<Alarm> alarmsOf(RunWatch& watch) {
    const auto health = watch.run().health();
    return health ? health->alarms : std::vector<Alarm>{};
}

/// Presses the button of an alarm and trains to the end.
inline bool cure(RunWatch& watch, const Alarm& alarm) {
    for (const Request& request : alarm.cure->requests) watch.run().post(request);
    watch.run().post(SetPaused{false});
    return watch.waitForEnd();
}

inline Experiment coldBatchHard(const DataSet& data) {
    Experiment experiment = shortExperiment(data);
    experiment.normalizeEmbeddings = false;
    experiment.loss = {"triplet_squared", {{"margin", 0.5}}};
    experiment.miner = {"batch_hard", {{"distance", 1}}};
    experiment.learningRate = 5e-3;
    return experiment;
}

}  // namespace embedscope::test
