#pragma once

#include "engine/data_set.h"

#include <opencv2/core.hpp>

#include <cstdint>
#include <filesystem>
#include <vector>

namespace embedscope {

/// True for names that end like an image OpenCV reads, e.g. ".JPG".
bool hasImageExtension(const std::filesystem::path& file);

/// A file's size and time of change; what a fingerprint is made of.
struct FileStamp {
    std::uint64_t bytes = 0;
    std::int64_t modified = 0;
};
FileStamp stampOf(const std::filesystem::path& file);

/// Decodes an image to 8 bits, BGR or grey as stored (no alpha).
/// @param wantedSide JPEGs much larger than this are decoded at a half, a quarter or an eighth; 0: full size.
/// @throws std::runtime_error with the reason, without the file's name: "it is empty", "it claims 100000x100000
/// pixels".
cv::Mat decodeImage(const std::filesystem::path& file, int wantedSide);

/// Width and height as the header claims them, or 0x0 for formats whose header is not looked at.
cv::Size claimedSize(const std::vector<std::uint8_t>& file);

/// Resized so that the shorter side fits, the middle cut out; grey or RGB as `shape` says. Aspect ratios are kept:
/// a squeezed picture would teach the encoder shapes that do not exist.
void writeShaped(const cv::Mat& decoded, const ImageShape& shape, std::uint8_t* target);

}  // namespace embedscope
