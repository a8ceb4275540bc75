#include "engine/images/cache_folder.h"

#include "engine/images/digest.h"
#include "engine/images/failure.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <stdexcept>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <vector>

namespace embedscope {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kEnding = ".images";
constexpr std::string_view kDraftBeginning = "draft-";

std::string reasonOf(int error) {
    return std::generic_category().message(error);
}

struct KeptFile {
    fs::path path;
    std::uint64_t bytes = 0;
    std::int64_t used = 0;  ///< Nanoseconds since 1970.
};

template <typename Take>
void forEachFile(const fs::path& folder, const Take& take) {
    std::error_code error;
    for (auto entry = fs::directory_iterator(folder, error); !error && entry != fs::directory_iterator();
         entry.increment(error))
        take(entry->path());
}

/// Complete files, the one used longest ago first.
std::vector<KeptFile> keptFiles(const fs::path& folder) {
    std::vector<KeptFile> files;
    forEachFile(folder, [&](const fs::path& path) {
        struct stat status {};
        if (!isCacheFile(path) || ::lstat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return;
        files.push_back({path, static_cast<std::uint64_t>(status.st_size),
                         std::int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec});
    });
    std::ranges::sort(files, {}, &KeptFile::used);
    return files;
}

bool isDraft(const fs::path& path) {
    return path.filename().string().starts_with(kDraftBeginning);
}

/// If nobody writes it any more: its lock went with the program that held it. Under the lock, so that a program that
/// has just made it sees that it is gone.
void removeIfAbandoned(const fs::path& draft) {
    const FileDescriptor opened(::open(draft.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    if (opened.get() >= 0 && ::flock(opened.get(), LOCK_EX | LOCK_NB) == 0) ::unlink(draft.c_str());
}

void removeAbandonedDrafts(const fs::path& folder) {
    forEachFile(folder, [](const fs::path& path) {
        if (isDraft(path)) removeIfAbandoned(path);
    });
}

bool isStillNamed(const FileDescriptor& file) {
    struct stat status {};
    return ::fstat(file.get(), &status) == 0 && status.st_nlink > 0;
}

void makeFolder(const fs::path& folder) {
    std::error_code error;
    if (fs::is_directory(folder, error)) return;
    fs::create_directories(folder, error);
    if (!error) fs::permissions(folder, fs::perms::owner_all, error);  // pictures may be private
    if (error) fail(folder, "cannot be made for the image cache (" + error.message() + "); check the folder above it.");
}

/// $NAME, if it is an absolute path.
fs::path absolutePathIn(const char* name) {
    const char* value = std::getenv(name);
    const fs::path path = value ? value : "";
    return path.is_absolute() ? path : fs::path();
}

}  // namespace

ImageCache userImageCache() {
    ImageCache cache;
    if (const fs::path base = absolutePathIn("XDG_CACHE_HOME"); !base.empty())
        cache.folder = base / "embedscope" / "images";
    else if (const fs::path home = absolutePathIn("HOME"); !home.empty())
        cache.folder = home / ".cache" / "embedscope" / "images";
    return cache;
}

ImageCacheContent contentOf(const ImageCache& cache) {
    ImageCacheContent content;
    for (const KeptFile& file : keptFiles(cache.folder)) {
        ++content.files;
        content.bytes += file.bytes;
    }
    return content;
}

ImageCacheContent clear(const ImageCache& cache) {
    ImageCacheContent removed;
    for (const KeptFile& file : keptFiles(cache.folder)) {
        if (::unlink(file.path.c_str()) != 0 && errno != ENOENT)
            fail(file.path, "cannot be removed (" + reasonOf(errno) + "); check the permissions of its folder.");
        ++removed.files;
        removed.bytes += file.bytes;
    }
    removeAbandonedDrafts(cache.folder);
    return removed;
}

CacheDraft newCacheDraft(const ImageCache& cache) {
    makeFolder(cache.folder);
    constexpr int kAttempts = 100;  // another program may take it for abandoned before it is locked
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
        std::string name = (cache.folder / kDraftBeginning).string() + "XXXXXX";
        FileDescriptor descriptor(::mkostemp(name.data(), O_CLOEXEC));
        if (descriptor.get() < 0) break;
        while (::flock(descriptor.get(), LOCK_EX) != 0 && errno == EINTR) {
        }
        if (isStillNamed(descriptor)) return {std::move(descriptor), name};
    }
    fail(cache.folder, "cannot be written to (" + reasonOf(errno) + "); check its permissions and the free space.");
}

void makeRoom(const ImageCache& cache, std::uint64_t bytes) {
    removeAbandonedDrafts(cache.folder);
    const std::vector<KeptFile> files = keptFiles(cache.folder);
    std::uint64_t all = bytes;
    for (const KeptFile& file : files) all += file.bytes;
    for (const KeptFile& file : files) {
        if (all <= cache.mostBytes) return;
        if (::unlink(file.path.c_str()) != 0 && errno != ENOENT)
            fail(file.path, "cannot be removed to make room in the image cache (" + reasonOf(errno) +
                                "); check the permissions of its folder.");
        all -= file.bytes;
    }
}

std::string cacheNamePrefix(std::uint64_t key) {
    return hexOf(key) + "-";
}

bool isCacheFile(const fs::path& file) {
    return file.filename().string().ends_with(kEnding);
}

}  // namespace embedscope
