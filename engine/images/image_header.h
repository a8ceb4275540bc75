#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>

namespace embedscope {

/// What a picture says of itself in its first bytes; read before decoding, because a decoder allocates what it is told.
struct ImageHeader {
    std::string_view format;   ///< "PNG", or empty if the bytes begin like no format of the table.
    std::uint64_t width = 0;   ///< 0: not found.
    std::uint64_t height = 0;  ///< 0: not found.
};

ImageHeader headerOf(std::span<const std::uint8_t> file);

/// True for names that end like those of an image, e.g. ".JPG".
bool hasImageExtension(const std::filesystem::path& file);

}  // namespace embedscope
