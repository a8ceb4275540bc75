#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>

namespace embedscope {

/// Where decoded images are kept for the next time a folder is opened: a file for each folder and image shape, which
/// data sets map into memory. The least recently used ones are removed where room is needed.
struct ImageCache {
    static constexpr std::uint64_t kStandardLimit = std::uint64_t{16} << 30;

    std::filesystem::path folder;              ///< Empty: nothing is kept.
    std::uint64_t mostBytes = kStandardLimit;  ///< Of all files together.

    bool enabled() const { return !folder.empty() && mostBytes > 0; }
};

/// The user's own: $XDG_CACHE_HOME/embedscope/images, or ~/.cache/embedscope/images; disabled where neither is known.
ImageCache userImageCache();

struct ImageCacheContent {
    std::size_t files = 0;
    std::uint64_t bytes = 0;
};

/// What is kept now. Blocks for as long as listing a folder takes.
ImageCacheContent contentOf(const ImageCache& cache);

/// Removes what is kept; images that are in use stay readable for those that use them.
/// @return What was removed. @throws std::runtime_error naming the file that cannot be removed.
ImageCacheContent clear(const ImageCache& cache);

/// Blocks until the files that loads have filled bear their names; for benchmarks and tests. The end of the program
/// waits in any case.
void awaitImageCache();

}  // namespace embedscope
