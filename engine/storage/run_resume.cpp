#include "engine/run_resume.h"

#include "engine/experiment_file.h"
#include "engine/storage/checkpoint_file.h"

#include <stdexcept>
#include <utility>

namespace embedscope {
namespace {

namespace fs = std::filesystem;

/// Newest first. The one of a pause is only newer than all others if the program ended in that pause.
std::vector<fs::path> filesOf(const fs::path& folder) {
    std::vector<fs::path> files;
    const std::vector<std::int64_t> epochs = savedEpochs(folder);
    for (auto epoch = epochs.rbegin(); epoch != epochs.rend(); ++epoch) files.push_back(checkpointFile(folder, *epoch));
    std::error_code none;
    const auto pausedAt = fs::last_write_time(pausedFile(folder), none);
    if (none) return files;
    const bool newest = files.empty() || fs::last_write_time(files.front(), none) <= pausedAt;
    files.insert(newest ? files.begin() : files.end(), pausedFile(folder));
    return files;
}

}  // namespace

bool hasCheckpoints(const fs::path& folder) {
    return !filesOf(folder).empty();
}

ResumePoint resumePointOf(const fs::path& folder) {
    std::error_code none;
    if (!fs::exists(folder / "experiment.json", none))
        throw std::runtime_error("\"" + folder.string() +
                                 "\" holds no run, or one that ended before it began; start a new run instead.");
    ResumePoint point;
    for (const fs::path& file : filesOf(folder)) try {
            point.checkpoint = std::make_shared<const Checkpoint>(readCheckpoint(file).checkpoint);
            point.settings = point.checkpoint->settings;
            return point;
        } catch (const std::runtime_error& damaged) {
            point.notices.emplace_back(damaged.what());
        }
    if (!point.notices.empty())
        throw std::runtime_error(
            point.notices.front() +
            " No other checkpoint is whole; start a new run from its weights.safetensors instead.");
    if (fs::exists(folder / "epochs" / "epoch_1", none))
        throw std::runtime_error("The run \"" + folder.string() +
                                 "\" kept no checkpoints; start a new run from its weights.safetensors instead.");
    point.settings = readExperiment(folder / "experiment.json");
    return point;
}

}  // namespace embedscope
