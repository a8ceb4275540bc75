#pragma once

#include "engine/run.h"
#include "engine/run_description.h"

#include <filesystem>
#include <memory>

namespace embedscope {

/// A run as its folder tells of it, read only: what another process writes appears here within about a second, points
/// and curves alike. One that its writer has left without a word is shown as stopped, with a sentence. Nothing in the
/// folder is locked, mapped or changed, so that it may lie on a network share. Requests are not taken. The thread goes
/// on looking after the run's end, since somebody may resume it.
/// @param start Its experiment and recorder are not used. @param data The images of the run, in its order.
std::unique_ptr<Run> followRun(RunStart start, std::filesystem::path folder, const RunDescription& description);

}  // namespace embedscope
