#pragma once

#include "engine/snapshot.h"

#include <filesystem>

namespace embedscope {

/// How a kept run has gone so far: its settings, its curves, and the points and distances of its newest epoch, if there
/// is one. @throws std::runtime_error naming the file that cannot be read.
Snapshot courseOf(const std::filesystem::path& runFolder);

}  // namespace embedscope
