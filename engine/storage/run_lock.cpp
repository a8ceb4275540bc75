#include "engine/storage/run_lock.h"

#include <cerrno>
#include <charconv>
#include <fcntl.h>
#include <stdexcept>
#include <string>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace embedscope {
namespace {

/// The process that a lock file names, as part of a sentence.
std::string writerIn(const FileDescriptor& descriptor) {
    char text[24]{};
    const ssize_t length = ::pread(descriptor.get(), text, sizeof text - 1, 0);
    long process = 0;
    if (length <= 0 || std::from_chars(text, text + length, process).ec != std::errc{}) return "another process";
    return "process " + std::to_string(process);
}

/// False if the file was removed or replaced between open and lock: then others lock another one.
bool isStillThere(const FileDescriptor& descriptor, const std::filesystem::path& file) {
    struct stat ours {
    }, there{};
    return ::fstat(descriptor.get(), &ours) == 0 && ::stat(file.c_str(), &there) == 0 && ours.st_ino == there.st_ino &&
           ours.st_dev == there.st_dev;
}

void writeProcess(const FileDescriptor& descriptor) {
    const std::string process = std::to_string(::getpid()) + "\n";
    // For people only: the lock is the system's.
    if (::ftruncate(descriptor.get(), 0) != 0) return;
    [[maybe_unused]] const ssize_t written = ::pwrite(descriptor.get(), process.data(), process.size(), 0);
}

}  // namespace

RunLock::RunLock(const std::filesystem::path& runFolder) : file_(runFolder / "writing.lock") {
    constexpr mode_t kEverybodyReads = 0666;  // less the user's umask
    while (true) {
        FileDescriptor descriptor(::open(file_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, kEverybodyReads));
        if (descriptor.get() < 0) return;  // what cannot be written says so at its first file
        if (::flock(descriptor.get(), LOCK_EX | LOCK_NB) != 0) {
            if (errno != EWOULDBLOCK) return;  // no locks here
            throw std::runtime_error("\"" + runFolder.string() + "\" is being written by " + writerIn(descriptor) +
                                     "; stop that one first, or open the run read only.");
        }
        if (!isStillThere(descriptor, file_)) continue;
        writeProcess(descriptor);
        descriptor_ = std::move(descriptor);
        return;
    }
}

RunLock::~RunLock() {
    if (descriptor_.get() >= 0) ::unlink(file_.c_str());
}

}  // namespace embedscope
