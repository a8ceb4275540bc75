#pragma once

#include "engine/image_cache.h"
#include "engine/images/cache_format.h"
#include "engine/shared_bytes.h"

#include <optional>
#include <vector>

namespace embedscope {

/// Decoded images of a list, as a cache file holds them.
struct CachedImages {
    ImageShape shape;
    SharedBytes pixels;                  ///< Of the readable images.
    std::vector<Unreadable> unreadable;  ///< Ordered by position.
};

/// Looks for the images of a list of `found` under `key`, in the shape that `settings` ask for, and maps them. A file
/// that is torn, damaged or does not hold what it claims is removed and counts as none, before anything of a size that
/// it claims is allocated.
std::optional<CachedImages> readCached(const ImageCache& cache, std::uint64_t key, std::uint64_t found,
                                       const DataSettings& settings);

/// Maps the pixels of an open cache file. @throws std::runtime_error
SharedBytes mapPixels(int descriptor, const CacheHeader& header);

}  // namespace embedscope
