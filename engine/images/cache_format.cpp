#include "engine/images/cache_format.h"

#include "engine/images/digest.h"
#include "engine/images/utf8.h"

#include <array>
#include <cassert>
#include <cstddef>
#include <cstring>
#include <type_traits>
#include <utility>

namespace embedscope {
namespace {

constexpr std::array<char, 8> kMagic = {'E', 'M', 'B', 'I', 'M', 'G', 'S', '\n'};
constexpr std::uint32_t kVersion = 1;
constexpr std::uint32_t kByteOrder = 0x01020304;  ///< Numbers are written as they lie in memory.
constexpr std::uint32_t kMostSide = 512;
constexpr std::uint64_t kMostImages = std::uint64_t{1} << 32;
constexpr std::uint64_t kMostIndexBytes = std::uint64_t{1} << 30;
constexpr std::uint32_t kMostReasonBytes = 4096;

struct StoredHeader {
    std::array<char, 8> magic = kMagic;
    std::uint32_t version = kVersion, byteOrder = kByteOrder;
    std::uint64_t key = 0;
    std::uint32_t height = 0, width = 0, channels = 0, ownSide = 0, ownGrey = 0, unused = 0;
    std::uint64_t found = 0, kept = 0, indexBytes = 0;
    std::uint64_t checksum = 0;  ///< Of all before it, and of the index.
};
static_assert(sizeof(StoredHeader) == kCacheHeaderBytes && std::has_unique_object_representations_v<StoredHeader>);

constexpr std::size_t kChecksumAt = offsetof(StoredHeader, checksum);

std::uint64_t checksumOf(std::string_view header, std::string_view index) {
    Digest digest;
    digest.add(header.substr(0, kChecksumAt));
    digest.add(index);
    return digest.value();
}

template <typename Number>
void append(std::string& bytes, Number number) {
    bytes.append(reinterpret_cast<const char*>(&number), sizeof number);
}

/// Takes a number from the front of `bytes`; false if they are too few.
template <typename Number>
bool take(std::string_view& bytes, Number& number) {
    if (bytes.size() < sizeof number) return false;
    std::memcpy(&number, bytes.data(), sizeof number);
    bytes.remove_prefix(sizeof number);
    return true;
}

bool isSide(std::uint32_t value) {
    return value >= 1 && value <= kMostSide;
}

bool isPlausible(const StoredHeader& stored) {
    return stored.magic == kMagic && stored.version == kVersion && stored.byteOrder == kByteOrder &&
           isSide(stored.height) && isSide(stored.width) && (stored.channels == 1 || stored.channels == 3) &&
           isSide(stored.ownSide) && stored.ownGrey <= 1 && stored.found <= kMostImages && stored.kept >= 1 &&
           stored.kept <= stored.found && stored.indexBytes <= kMostIndexBytes;
}

}  // namespace

std::uint64_t CacheHeader::fileBytes() const {
    return kCachePixelsAt + pixelsBytes() + indexBytes;
}

std::string encodedIndex(const std::vector<Unreadable>& unreadable) {
    std::string bytes;
    for (const Unreadable& image : unreadable) {
        // Only letters of one byte may be cut anywhere.
        const bool fits = image.reason.size() <= kMostReasonBytes && isUtf8(image.reason);
        const std::string reason = fits ? image.reason : asciiOf(image.reason).substr(0, kMostReasonBytes);
        append(bytes, image.position);
        append(bytes, static_cast<std::uint32_t>(reason.size()));
        bytes += reason;
    }
    return bytes;
}

std::optional<std::vector<Unreadable>> decodedIndex(std::string_view bytes, std::uint64_t found) {
    std::vector<Unreadable> unreadable;
    while (!bytes.empty()) {
        Unreadable image;
        std::uint32_t length = 0;
        if (!take(bytes, image.position) || !take(bytes, length)) return std::nullopt;
        if (image.position >= found || length > kMostReasonBytes || length > bytes.size()) return std::nullopt;
        if (!unreadable.empty() && image.position <= unreadable.back().position) return std::nullopt;
        image.reason = bytes.substr(0, length);
        if (!isUtf8(image.reason)) return std::nullopt;
        bytes.remove_prefix(length);
        unreadable.push_back(std::move(image));
    }
    return unreadable;
}

std::string encodedHeader(const CacheHeader& header, std::string_view index) {
    assert(header.indexBytes == index.size());
    StoredHeader stored;
    stored.key = header.key;
    stored.height = static_cast<std::uint32_t>(header.shape.height);
    stored.width = static_cast<std::uint32_t>(header.shape.width);
    stored.channels = static_cast<std::uint32_t>(header.shape.channels);
    stored.ownSide = static_cast<std::uint32_t>(header.own.side);
    stored.ownGrey = header.own.grey ? 1 : 0;
    stored.found = header.found;
    stored.kept = header.kept;
    stored.indexBytes = index.size();
    std::string bytes(reinterpret_cast<const char*>(&stored), sizeof stored);
    stored.checksum = checksumOf(bytes, index);
    std::memcpy(bytes.data() + kChecksumAt, &stored.checksum, sizeof stored.checksum);
    return bytes;
}

std::optional<CacheHeader> decodedHeader(std::string_view bytes, std::uint64_t fileBytes) {
    StoredHeader stored;
    if (bytes.size() != sizeof stored) return std::nullopt;
    std::memcpy(&stored, bytes.data(), sizeof stored);
    if (!isPlausible(stored)) return std::nullopt;
    CacheHeader header;
    header.key = stored.key;
    header.shape = {static_cast<int>(stored.height), static_cast<int>(stored.width), static_cast<int>(stored.channels)};
    header.own = {static_cast<int>(stored.ownSide), stored.ownGrey == 1};
    header.found = stored.found;
    header.kept = stored.kept;
    header.indexBytes = stored.indexBytes;
    if (header.fileBytes() != fileBytes) return std::nullopt;
    return header;
}

bool checksumHolds(std::string_view header, std::string_view index) {
    std::uint64_t written = 0;
    std::memcpy(&written, header.data() + kChecksumAt, sizeof written);
    return written == checksumOf(header, index);
}

}  // namespace embedscope
