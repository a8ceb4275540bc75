#pragma once

#include <optional>

namespace embedscope {

/// Runs `embedscope train ...`, `embedscope list ...`, --help and --version without a window.
/// @return The exit code: 0, 1 for a failure, 2 for a command line that cannot work, 130 after Ctrl+C; nothing if no
/// such command was given and the window opens.
std::optional<int> runCommand(int argc, char** argv);

}  // namespace embedscope
