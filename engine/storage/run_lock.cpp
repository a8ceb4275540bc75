#include "engine/storage/run_lock.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <string>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
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

/// Tells this machine, as long as it runs, from all others; another container is another machine. Empty: unknown.
std::string thisMachine() {
    std::string boot;
    std::ifstream("/proc/sys/kernel/random/boot_id") >> boot;
    std::error_code none;
    const std::string processes = std::filesystem::read_symlink("/proc/self/ns/pid", none).string();
    return boot.empty() || processes.empty() ? std::string() : boot + processes;
}

/// When a process was started, in clock ticks, so that another one of the same number is not taken for it. Empty: it
/// has ended.
std::string startOf(const std::string& process) {
    if (process.find_first_not_of("0123456789") != std::string::npos) return {};
    std::ifstream input("/proc/" + process + "/stat");
    const std::string text(std::istreambuf_iterator<char>(input), {});
    std::istringstream fields(text.substr(std::min(text.size(), text.rfind(')') + 1)));  // its name may hold blanks
    std::string field;
    constexpr int kState = 3, kStart = 22;
    for (int number = kState; fields >> field && number < kStart; ++number)
        if (number == kState && (field == "Z" || field == "X")) return {};
    return fields ? field : std::string();
}

void writeProcess(const FileDescriptor& descriptor) {
    const std::string self = std::to_string(::getpid());
    const std::string process = self + ' ' + startOf(self) + ' ' + thisMachine() + '\n';
    // For readers only: the lock is the system's.
    if (::ftruncate(descriptor.get(), 0) != 0) return;
    [[maybe_unused]] const ssize_t written = ::pwrite(descriptor.get(), process.data(), process.size(), 0);
}

}  // namespace

RunWriter writerOf(const std::filesystem::path& runFolder) {
    std::error_code none;
    if (!std::filesystem::is_regular_file(runFolder / "writing.lock", none)) return RunWriter::Nobody;
    std::ifstream input(runFolder / "writing.lock");
    std::string process, start, machine;
    if (!(input >> process >> start >> machine) || machine != thisMachine()) return RunWriter::Unknown;
    return startOf(process) == start ? RunWriter::Alive : RunWriter::Nobody;
}

RunLock::RunLock(const std::filesystem::path& runFolder) : file_(runFolder / "writing.lock") {
    constexpr mode_t kEverybodyReads = 0666;  // less the user's umask
    while (true) {
        FileDescriptor descriptor(::open(file_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, kEverybodyReads));
        if (descriptor.get() < 0) return;  // what cannot be written says so at its first file
        if (::flock(descriptor.get(), LOCK_EX | LOCK_NB) != 0) {
            if (errno != EWOULDBLOCK) {  // no locks here: only its readers are told
                writeProcess(descriptor);
                descriptor_ = std::move(descriptor);
                return;
            }
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
