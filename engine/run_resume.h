#pragma once

#include "engine/checkpoint.h"
#include "engine/run_recorder.h"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace embedscope {

/// From where a kept run can go on.
struct ResumePoint {
    Experiment settings;  ///< The checkpoint's.
    /// The newest that can be read whole; null if the run ended before its first one: then it begins anew.
    std::shared_ptr<const Checkpoint> checkpoint;
    std::vector<std::string> notices;  ///< Newer checkpoints that cannot be read, one sentence each.
};

/// Changes nothing. @throws std::runtime_error with one sentence if `folder` is no run, is of a version that kept no
/// checkpoints, or has none that can be read.
ResumePoint resumePointOf(const std::filesystem::path& folder);

/// Whether the folder holds checkpoints, without reading them.
bool hasCheckpoints(const std::filesystem::path& folder);

/// Goes on writing the run: when the run begins, what was written after the checkpoint (rows, events, epochs, torn
/// lines) is dropped, and an event says how much. @param from Of resumePointOf(); null: everything is written anew.
/// @throws std::runtime_error naming the file if the folder's files do not belong to the checkpoint.
std::unique_ptr<RunRecorder> resumeRunFolder(const std::filesystem::path& folder, const Checkpoint* from);

}  // namespace embedscope
