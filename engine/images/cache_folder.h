#pragma once

#include "engine/file_descriptor.h"
#include "engine/image_cache.h"

#include <cstdint>
#include <string>

namespace embedscope {

/// A new file in the cache's folder, which is made if need be and is the user's alone. It is locked while it is open,
/// which tells it from those that a killed program left behind.
struct CacheDraft {
    FileDescriptor descriptor;
    std::filesystem::path file;
};
/// @throws std::runtime_error with one sentence, as makeRoom() does.
CacheDraft newCacheDraft(const ImageCache& cache);

/// Removes the files used longest ago until `bytes` more keep to the limit, and what killed programs left behind.
/// Another program may do the same at the same time.
void makeRoom(const ImageCache& cache, std::uint64_t bytes);

/// "0123456789abcdef-": how the names of all files with this key begin.
std::string cacheNamePrefix(std::uint64_t key);

/// Whether a name in the cache's folder is that of a complete file.
bool isCacheFile(const std::filesystem::path& file);

}  // namespace embedscope
