#pragma once

#include "engine/image_cache.h"
#include "engine/images/cache_format.h"
#include "engine/shared_bytes.h"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace embedscope {

/// A cache file while its images are decoded. It gets its name when all of it is on the disk, so that a reader finds
/// all or nothing; of two programs that make the same file the later one replaces the other's, to the same bytes.
class CacheWriter {
public:
    /// Makes room and sets aside the space for all images of a list.
    /// @param header What is known before decoding: key, shape, own look, images found.
    /// @throws std::runtime_error with one sentence, as all of these do.
    CacheWriter(const ImageCache& cache, const CacheHeader& header);
    /// Without finish() the file is removed.
    ~CacheWriter();
    CacheWriter(const CacheWriter&) = delete;
    CacheWriter& operator=(const CacheWriter&) = delete;

    /// Any thread. @param position In the list.
    void put(std::uint64_t position, std::span<const std::uint8_t> image);

    /// Closes the gaps of the unreadable images. Bringing the file to the disk and naming it goes on in the background;
    /// it gets no name where an image failed for a reason that passes, or it would be missing until its file changes.
    /// @return The pixels, mapped.
    SharedBytes finish(const std::vector<Unreadable>& unreadable);

private:
    struct Draft;
    void move(std::uint64_t from, std::uint64_t to, std::uint64_t bytes);
    void closeGaps(const std::vector<Unreadable>& unreadable);

    CacheHeader header_;
    std::shared_ptr<Draft> draft_;
};

}  // namespace embedscope
