#pragma once

#include "engine/data_set.h"

#include <opencv2/core.hpp>

#include <cstdint>
#include <filesystem>
#include <stdexcept>

namespace embedscope {

/// A failure that says nothing of the file, such as too many open ones: the next attempt may succeed.
class PassingFailure : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// A file's size and times; what fingerprints are made of. Zeros if there is no such file.
struct FileStamp {
    std::uint64_t bytes = 0;
    std::int64_t modified = 0;  ///< Nanoseconds since 1970.
    std::int64_t changed = 0;   ///< Its inode, too.
};
FileStamp stampOf(const std::filesystem::path& file);

struct DecodedImage {
    cv::Mat pixels;   ///< 8 bits, BGR or grey as stored, no alpha, turned upright as its EXIF data says.
    int ownSide = 0;  ///< The shorter side as stored; `pixels` may be smaller.
};

/// @param wantedSide Of the shorter side; JPEGs at least four times as large are decoded at a half, a quarter or an
/// eighth; 0: full size.
/// @throws std::runtime_error with the reason, without the file's name: "it is empty", "it claims 100000x100000
/// pixels"; PassingFailure; std::bad_alloc.
DecodedImage decodeImage(const std::filesystem::path& file, int wantedSide);

/// Resized so that the shorter side fits, the middle cut out; grey or RGB as `shape` says. Aspect ratios are kept:
/// a squeezed picture would teach the encoder shapes that do not exist.
void writeShaped(const cv::Mat& decoded, const ImageShape& shape, std::uint8_t* target);

/// At most `maxSide` pixels on the longer side, RGB or grey.
Image pictureOf(const cv::Mat& decoded, int maxSide);

}  // namespace embedscope
