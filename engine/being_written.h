#pragma once

#include <filesystem>

namespace embedscope {

/// Whether a process of this machine is writing the run. Its lock tells; only of a locked one the events are read, as a
/// run that has ended may still hold its folder.
bool isBeingWritten(const std::filesystem::path& runFolder);

}  // namespace embedscope
