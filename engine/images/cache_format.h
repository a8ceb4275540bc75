#pragma once

#include "engine/data_set.h"
#include "engine/images/image_shape.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// A cache file: a page with the header, the pixels of the readable images one after the other in the order of their
// list, and an index of the unreadable ones. The list itself is not in it: the key stands for its paths, sizes and
// times. The header's checksum covers the index and itself; the pixels have none, as reading all of them is what the
// cache spares.

namespace embedscope {

/// An image of a list that cannot be used.
struct Unreadable {
    std::uint64_t position = 0;  ///< In the list.
    std::string reason;          ///< As decodeImage() says it.
    bool passing = false;        ///< It says nothing of the image: not to be kept.
    bool operator==(const Unreadable&) const = default;
};

struct CacheHeader {
    std::uint64_t key = 0;
    ImageShape shape;
    OwnLook own;
    std::uint64_t found = 0;  ///< Images of the list.
    std::uint64_t kept = 0;   ///< Of these, in the file.
    std::uint64_t indexBytes = 0;

    std::uint64_t pixelsBytes() const { return kept * shape.bytes(); }
    std::uint64_t fileBytes() const;
};

inline constexpr std::size_t kCachePixelsAt = 4096;  ///< A page: where the pixels begin.
inline constexpr std::size_t kCacheHeaderBytes = 80;

/// The index of the unreadable, ordered by position; none of them passing.
std::string encodedIndex(const std::vector<Unreadable>& unreadable);

/// Empty where the bytes are not what encodedIndex() writes for a list of `found` images.
std::optional<std::vector<Unreadable>> decodedIndex(std::string_view bytes, std::uint64_t found);

/// kCacheHeaderBytes of them. @param header With the size of `index`.
std::string encodedHeader(const CacheHeader& header, std::string_view index);

/// Empty where the bytes are no header of this version, or claim what cannot be in a file of `fileBytes`.
std::optional<CacheHeader> decodedHeader(std::string_view bytes, std::uint64_t fileBytes);

/// Whether the checksum of a header is that of itself and of this index.
bool checksumHolds(std::string_view header, std::string_view index);

}  // namespace embedscope
