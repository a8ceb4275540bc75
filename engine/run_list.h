#pragma once

#include "engine/experiment.h"
#include "engine/snapshot.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace embedscope {

/// A kept run as its folder tells of it.
struct KeptRun {
    std::filesystem::path folder;
    Experiment settings;  ///< As it began.
    std::int64_t steps = 0;
    double epochs = 0;                     ///< Gone through.
    double seconds = 0;                    ///< Of training.
    double recallAt1 = MetricsRow::kNone;  ///< The newest; NaN: none was measured.
    std::uint64_t bytes = 0;               ///< Of all its files.
    /// "finished", "stopped", "failed", "running", "interrupted": its writer ended without a word, or "open": one of
    /// the two, but on another machine.
    std::string state;
    bool resumable = false;
    std::string problem;  ///< One sentence if its files cannot be read; then only folder and bytes count.
};

/// The runs in `folder` and in the folders directly below it, by name. A run that cannot be read is in the list.
/// @throws std::runtime_error naming the folder if it cannot be read.
std::vector<KeptRun> keptRuns(const std::filesystem::path& folder);

}  // namespace embedscope
