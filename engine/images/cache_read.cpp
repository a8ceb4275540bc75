#include "engine/images/cache_read.h"

#include "engine/images/cache_folder.h"

#include <cerrno>
#include <fcntl.h>
#include <memory>
#include <stdexcept>
#include <sys/mman.h>
#include <sys/stat.h>
#include <system_error>

namespace embedscope {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kReadAheadBytes = std::size_t{1} << 30;

/// A whole file, mapped read-only for as long as this lives, whatever becomes of its name.
class Mapping {
public:
    Mapping(int descriptor, std::size_t bytes) : bytes_(bytes) {
        void* place = ::mmap(nullptr, bytes, PROT_READ, MAP_SHARED, descriptor, 0);
        if (place == MAP_FAILED)
            throw std::runtime_error(
                "The image cache cannot be mapped into memory: " + std::generic_category().message(errno) + ".");
        begin_ = static_cast<const std::uint8_t*>(place);
        // Training draws here and there: a small file is fetched whole, of a large one only what is drawn.
        ::madvise(place, bytes, bytes <= kReadAheadBytes ? MADV_WILLNEED : MADV_RANDOM);
    }
    ~Mapping() { ::munmap(const_cast<std::uint8_t*>(begin_), bytes_); }
    Mapping(const Mapping&) = delete;
    Mapping& operator=(const Mapping&) = delete;

    const std::uint8_t* begin() const { return begin_; }

private:
    const std::uint8_t* begin_ = nullptr;
    std::size_t bytes_;
};

/// Empty where the file ends before.
std::string bytesAt(int descriptor, std::uint64_t offset, std::size_t count) {
    std::string bytes(count, '\0');
    for (std::size_t read = 0; read < count;) {
        const ssize_t more = ::pread(descriptor, bytes.data() + read, count - read, static_cast<off_t>(offset + read));
        if (more < 0 && errno == EINTR) continue;
        if (more <= 0) return {};
        read += static_cast<std::size_t>(more);
    }
    return bytes;
}

enum class Fit { Damaged, OtherImages, Fits };

/// What is asked of a file.
struct Wanted {
    std::uint64_t key = 0;
    std::uint64_t found = 0;
    const DataSettings& settings;
};

Fit read(int descriptor, const Wanted& wanted, CachedImages& images) {
    struct stat status {};
    if (::fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) return Fit::Damaged;
    const std::string head = bytesAt(descriptor, 0, kCacheHeaderBytes);
    const std::optional<CacheHeader> header = decodedHeader(head, static_cast<std::uint64_t>(status.st_size));
    if (!header) return Fit::Damaged;
    const std::string index =
        bytesAt(descriptor, kCachePixelsAt + header->pixelsBytes(), static_cast<std::size_t>(header->indexBytes));
    if (index.size() != header->indexBytes || !checksumHolds(head, index)) return Fit::Damaged;
    auto unreadable = decodedIndex(index, header->found);
    if (!unreadable || unreadable->size() != header->found - header->kept) return Fit::Damaged;
    if (header->key != wanted.key || header->found != wanted.found) return Fit::Damaged;  // the name says else
    if (header->shape != shapeFor(header->own, wanted.settings)) return Fit::OtherImages;
    images = {header->shape, mapPixels(descriptor, *header), std::move(*unreadable)};
    return Fit::Fits;
}

}  // namespace

SharedBytes mapPixels(int descriptor, const CacheHeader& header) {
    const auto mapping = std::make_shared<const Mapping>(descriptor, header.fileBytes());
    return SharedBytes::ofFile(mapping, {mapping->begin() + kCachePixelsAt, header.pixelsBytes()});
}

std::optional<CachedImages> readCached(const ImageCache& cache, std::uint64_t key, std::uint64_t found,
                                       const DataSettings& settings) {
    const std::string prefix = cacheNamePrefix(key);
    std::error_code error;
    for (auto entry = fs::directory_iterator(cache.folder, error); !error && entry != fs::directory_iterator();
         entry.increment(error)) {
        const fs::path& file = entry->path();
        if (!isCacheFile(file) || !file.filename().string().starts_with(prefix)) continue;
        const FileDescriptor opened(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
        if (opened.get() < 0) continue;
        CachedImages images;
        const Fit fit = read(opened.get(), {key, found, settings}, images);
        if (fit == Fit::Damaged) ::unlink(file.c_str());
        if (fit != Fit::Fits) continue;
        ::futimens(opened.get(), nullptr);  // used now: the last to be removed
        return images;
    }
    return std::nullopt;
}

}  // namespace embedscope
