#include "engine/images/cache_write.h"

#include "engine/images/background.h"
#include "engine/images/cache_folder.h"
#include "engine/images/cache_read.h"
#include "engine/images/failure.h"

#include <algorithm>
#include <cerrno>
#include <exception>
#include <fcntl.h>
#include <stdexcept>
#include <sys/statvfs.h>
#include <system_error>
#include <unistd.h>

namespace embedscope {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMoveBytes = 4 << 20;

[[noreturn]] void failToWrite(const fs::path& folder, int error) {
    fail(folder, "cannot hold the decoded images (" + std::generic_category().message(error) + ").");
}

void writeAt(const CacheDraft& draft, std::uint64_t offset, std::span<const std::uint8_t> bytes) {
    while (!bytes.empty()) {
        const ssize_t written =
            ::pwrite(draft.descriptor.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) failToWrite(draft.file.parent_path(), errno);
        offset += static_cast<std::uint64_t>(written);
        bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
}

void writeAt(const CacheDraft& draft, std::uint64_t offset, const std::string& text) {
    writeAt(draft, offset, {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

void readAt(const CacheDraft& draft, std::uint64_t offset, std::span<std::uint8_t> bytes) {
    while (!bytes.empty()) {
        const ssize_t read = ::pread(draft.descriptor.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
        if (read < 0 && errno == EINTR) continue;
        if (read <= 0) failToWrite(draft.file.parent_path(), read < 0 ? errno : EIO);
        offset += static_cast<std::uint64_t>(read);
        bytes = bytes.subspan(static_cast<std::size_t>(read));
    }
}

/// The disk is the user's: the cache takes at most half of what is free.
void checkFreeSpace(const fs::path& folder, std::uint64_t bytes) {
    struct statvfs disk {};
    if (::statvfs(folder.c_str(), &disk) != 0) return;  // what is too much shows when it is set aside
    const std::uint64_t available = std::uint64_t{disk.f_bavail} * disk.f_frsize;
    if (bytes > available / 2)
        fail(folder, "has room for " + grouped(available >> 20) +
                         " MiB more, of which the image cache takes at most "
                         "half; free some space.");
}

void checkLimit(const ImageCache& cache, std::uint64_t bytes) {
    if (bytes <= cache.mostBytes) return;
    fail(cache.folder, "may hold " + grouped(cache.mostBytes >> 20) + " MiB, and these images need " +
                           grouped(bytes >> 20) + "; allow the image cache more.");
}

}  // namespace

/// The file on its way to its name. Removed if it does not get there.
struct CacheWriter::Draft {
    ImageCache cache;
    CacheDraft draft;
    fs::path name;

    ~Draft() {
        if (!draft.file.empty()) ::unlink(draft.file.c_str());
    }

    /// A failure only means that the folder is decoded anew next time, as it would be without a cache.
    void lastAndName() try {
        if (::fsync(draft.descriptor.get()) != 0) return;
        if (::rename(draft.file.c_str(), name.c_str()) != 0) return;
        draft.file.clear();
        const FileDescriptor folder(::open(cache.folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        ::fsync(folder.get());
        makeRoom(cache, 0);  // another program may have filled it meanwhile
    } catch (const std::exception&) {
    }
};

CacheWriter::CacheWriter(const ImageCache& cache, const CacheHeader& header) : header_(header) {
    const std::uint64_t bytes = kCachePixelsAt + header.found * header.shape.bytes();
    checkLimit(cache, bytes);
    CacheDraft draft = newCacheDraft(cache);
    draft_ = std::make_shared<Draft>();
    draft_->cache = cache;
    draft_->draft = std::move(draft);
    const std::string shape = std::to_string(header.shape.height) + "x" + std::to_string(header.shape.width) + "x" +
                              std::to_string(header.shape.channels);
    draft_->name = cache.folder / (cacheNamePrefix(header.key) + shape + ".images");
    makeRoom(cache, bytes);
    checkFreeSpace(cache.folder, bytes);
    const int error = ::posix_fallocate(draft_->draft.descriptor.get(), 0, static_cast<off_t>(bytes));
    if (error != 0) failToWrite(cache.folder, error);
}

CacheWriter::~CacheWriter() = default;

void CacheWriter::put(std::uint64_t position, std::span<const std::uint8_t> image) {
    writeAt(draft_->draft, kCachePixelsAt + position * header_.shape.bytes(), image);
}

SharedBytes CacheWriter::finish(const std::vector<Unreadable>& unreadable) {
    closeGaps(unreadable);
    const std::string index = encodedIndex(unreadable);
    header_.kept = header_.found - unreadable.size();
    header_.indexBytes = index.size();
    const CacheDraft& draft = draft_->draft;
    if (::ftruncate(draft.descriptor.get(), static_cast<off_t>(header_.fileBytes())) != 0)
        failToWrite(draft.file.parent_path(), errno);
    writeAt(draft, kCachePixelsAt + header_.pixelsBytes(), index);
    writeAt(draft, 0, encodedHeader(header_, index));
    SharedBytes pixels = mapPixels(draft.descriptor.get(), header_);
    const std::shared_ptr<Draft> ready = std::move(draft_);
    if (std::ranges::none_of(unreadable, &Unreadable::passing)) finishInBackground([ready] { ready->lastAndName(); });
    return pixels;
}

void CacheWriter::move(std::uint64_t from, std::uint64_t to, std::uint64_t bytes) {
    std::vector<std::uint8_t> block(static_cast<std::size_t>(std::min(bytes, kMoveBytes)));
    for (std::uint64_t moved = 0; moved < bytes; moved += block.size()) {
        block.resize(static_cast<std::size_t>(std::min(bytes - moved, kMoveBytes)));
        readAt(draft_->draft, from + moved, block);
        writeAt(draft_->draft, to + moved, block);
    }
}

/// Each run of images behind a gap moves up by the gaps before it.
void CacheWriter::closeGaps(const std::vector<Unreadable>& unreadable) {
    const std::uint64_t each = header_.shape.bytes();
    for (std::size_t i = 0; i < unreadable.size(); ++i) {
        const std::uint64_t first = unreadable[i].position + 1;
        const std::uint64_t last = i + 1 < unreadable.size() ? unreadable[i + 1].position : header_.found;
        move(kCachePixelsAt + first * each, kCachePixelsAt + (first - i - 1) * each, (last - first) * each);
    }
}

}  // namespace embedscope
