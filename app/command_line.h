#pragma once

#include "engine/viewed_embeddings.h"

#include <optional>

namespace embedscope {

/// Runs `embedscope train ...`, `embedscope list ...`, --help and --version without a window.
/// @return The exit code: 0, 1 for a failure, 2 for a command line that cannot work, 130 after Ctrl+C; nothing if no
/// such command was given and the window opens. @param view What `embedscope view` asks the window to show.
std::optional<int> runCommand(int argc, char** argv, ViewSource* view = nullptr);

}  // namespace embedscope
