#pragma once

#include "engine/run.h"

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <stdexcept>
#include <utility>

namespace embedscope::test {

/// Trains into a folder and waits for the end. @throws std::runtime_error if it fails or takes a minute.
inline void trainInto(const std::filesystem::path& folder, Experiment experiment, std::shared_ptr<const DataSet> data) {
    std::mutex mutex;
    std::condition_variable told;
    RunStart start;
    start.runId = 1;
    start.experiment = std::move(experiment);
    start.data = std::move(data);
    start.recorder = createRunFolder(folder);
    start.wakeUp = [&] {
        const std::lock_guard lock(mutex);
        told.notify_all();
    };
    const std::unique_ptr<Run> run = startTrainingRun(std::move(start));
    std::unique_lock lock(mutex);
    if (!told.wait_for(lock, std::chrono::seconds(120), [&] { return run->latest()->ended(); }))
        throw std::runtime_error("The run does not end.");
    if (run->latest()->phase != RunPhase::Finished) throw std::runtime_error(run->latest()->message);
}

}  // namespace embedscope::test
