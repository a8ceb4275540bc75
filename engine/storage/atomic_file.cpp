#include "engine/storage/atomic_file.h"

#include "engine/storage/write_faults.h"

#include <cerrno>
#include <fcntl.h>
#include <stdexcept>
#include <string>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <vector>

namespace embedscope {
namespace {

WriteFault& fault() {
    static WriteFault kFault;
    return kFault;
}

/// The errno that a test wants, or 0.
int faultAt(WriteCall call, const std::filesystem::path& path) {
    return fault() ? fault()(call, path) : 0;
}

std::string cureFor(int error) {
    switch (error) {
        case ENOSPC:
        case EDQUOT:
        case EFBIG:
            return "there is no space left; free some, or choose a folder on another disk.";
        case EACCES:
        case EPERM:
        case EROFS:
            return "writing there is not allowed; choose a folder of your own.";
        case EEXIST:
            return "it is there already; choose another folder.";
        case ENOTDIR:
            return "a part of that path is a file; choose another folder.";
        case ENAMETOOLONG:
            return "the name is too long; choose a shorter one.";
        default:
            return std::generic_category().message(error) + "; check the disk, or choose another folder.";
    }
}

[[noreturn]] void fail(const std::filesystem::path& path, int error) {
    std::string sentence = "\"";
    sentence += path.string();
    throw std::runtime_error(sentence + "\" could not be written: " + cureFor(error));
}

/// Calls a system function again if a signal interrupted it.
template <typename Call>
auto retried(Call call) {
    auto result = call();
    while (result < 0 && errno == EINTR) result = call();
    return result;
}

void throwFault(WriteCall call, const std::filesystem::path& path) {
    if (const int error = faultAt(call, path); error != 0) fail(path, error);
}

FileDescriptor openFor(const std::filesystem::path& path, int flags) {
    throwFault(WriteCall::Open, path);
    constexpr mode_t kEverybodyReads = 0666;  // less the user's umask
    FileDescriptor descriptor(retried([&] { return ::open(path.c_str(), flags | O_CLOEXEC, kEverybodyReads); }));
    if (descriptor.get() < 0) fail(path, errno);
    return descriptor;
}

void sync(const FileDescriptor& descriptor, const std::filesystem::path& path) {
    throwFault(WriteCall::Sync, path);
    if (retried([&] { return ::fsync(descriptor.get()); }) == 0) return;
    // Some network and FUSE file systems cannot sync; what they can do is done.
    if (errno != EINVAL && errno != ENOTSUP) fail(path, errno);
}

std::filesystem::path folderOf(const std::filesystem::path& path) {
    return path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
}

}  // namespace

void setWriteFault(WriteFault wanted) {
    fault() = std::move(wanted);
}

void writeAll(const FileDescriptor& descriptor, std::span<const std::byte> bytes, const std::filesystem::path& file) {
    const int wanted = faultAt(WriteCall::Write, file);
    if (wanted != 0) bytes = bytes.first(bytes.size() / 2);
    while (!bytes.empty()) {
        const ssize_t written = retried([&] { return ::write(descriptor.get(), bytes.data(), bytes.size()); });
        if (written < 0) fail(file, errno);
        bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
    if (wanted != 0) fail(file, wanted);
}

void syncFolder(const std::filesystem::path& folder) {
    sync(openFor(folder, O_RDONLY | O_DIRECTORY), folder);
}

void createFolder(const std::filesystem::path& folder) {
    throwFault(WriteCall::CreateFolder, folder);
    std::vector<std::filesystem::path> missing;
    std::error_code error;
    for (std::filesystem::path at = folder; !at.empty() && !std::filesystem::exists(at, error); at = at.parent_path())
        missing.push_back(at);
    std::filesystem::create_directories(folder, error);
    if (error) fail(folder, error.value());
    for (const std::filesystem::path& made : missing) syncFolder(folderOf(made));
    if (missing.empty()) syncFolder(folderOf(folder));
}

AtomicFile::AtomicFile(std::filesystem::path file) : file_(std::move(file)), temporary_(file_) {
    temporary_ += ".writing";
    descriptor_ = openFor(temporary_, O_WRONLY | O_CREAT | O_TRUNC);
}

AtomicFile::~AtomicFile() {
    if (descriptor_.get() >= 0) ::unlink(temporary_.c_str());
}

void AtomicFile::write(std::span<const std::byte> bytes) {
    writeAll(descriptor_, bytes, file_);
}

void AtomicFile::write(std::string_view text) {
    write(std::as_bytes(std::span(text)));
}

void AtomicFile::commit() {
    sync(descriptor_, file_);
    rename();
    syncFolder(folderOf(file_));
}

void AtomicFile::publish() {
    rename();
}

void AtomicFile::rename() {
    throwFault(WriteCall::Rename, file_);
    if (::rename(temporary_.c_str(), file_.c_str()) != 0) fail(file_, errno);
    descriptor_ = FileDescriptor();
}

LineFile::LineFile(std::filesystem::path file)
    : file_(std::move(file)), descriptor_(openFor(file_, O_WRONLY | O_CREAT | O_EXCL | O_APPEND)) {}

LineFile::LineFile(std::filesystem::path file, std::uint64_t bytes)
    : file_(std::move(file)), descriptor_(openFor(file_, O_RDWR | O_APPEND)), bytes_(bytes) {
    char last = '\n';
    const bool there =
        bytes == 0 || retried([&] { return ::pread(descriptor_.get(), &last, 1, static_cast<off_t>(bytes) - 1); }) == 1;
    if (!there || last != '\n')
        throw std::runtime_error(
            "\"" + file_.string() +
            "\" is not as the checkpoint's run left it: it was cut or edited; put it back, or start "
            "a new run from the weights.");
    cut();
}

void LineFile::append(std::string_view line) {
    std::string whole(line);
    whole += '\n';
    if (torn_) cut();
    torn_ = true;
    try {
        writeAll(descriptor_, std::as_bytes(std::span(whole)), file_);
    } catch (...) {
        try {
            cut();
        } catch (const std::runtime_error&) {  // tried again before the next line
        }
        throw;
    }
    bytes_ += whole.size();
    torn_ = false;
}

void LineFile::cut() {
    throwFault(WriteCall::Truncate, file_);
    if (retried([&] { return ::ftruncate(descriptor_.get(), static_cast<off_t>(bytes_)); }) != 0) fail(file_, errno);
    torn_ = false;
}

void LineFile::sync() {
    embedscope::sync(descriptor_, file_);
}

}  // namespace embedscope
