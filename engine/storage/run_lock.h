#pragma once

#include "engine/storage/atomic_file.h"

#include <filesystem>

namespace embedscope {

/// Who writes a run, as far as its "writing.lock" tells.
enum class RunWriter {
    Nobody,  ///< None, or one on this machine that has ended.
    Alive,   ///< One on this machine that is running.
    Unknown  ///< One on another machine, or of an earlier version.
};

/// Only reads, so that it works on a network share and hinders no writer.
RunWriter writerOf(const std::filesystem::path& runFolder);

/// That nobody else writes this run: an advisory lock (flock) on "writing.lock", which names the process. The system
/// lifts it when the process ends, however it ends, so a lock that was left behind stands in nobody's way. On file
/// systems without locks, such as some network shares, there is none and nothing is refused.
class RunLock {
public:
    /// @throws std::runtime_error naming the folder and the process that writes it.
    explicit RunLock(const std::filesystem::path& runFolder);
    /// Removes the file.
    ~RunLock();
    RunLock(const RunLock&) = delete;
    RunLock& operator=(const RunLock&) = delete;

private:
    std::filesystem::path file_;
    FileDescriptor descriptor_;
};

}  // namespace embedscope
