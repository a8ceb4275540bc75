#include "engine/images/image_file.h"

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstring>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>

namespace embedscope {
namespace {

constexpr std::uint64_t kMaxFileBytes = 256ULL << 20;
constexpr double kMaxPixels = 100e6;  // 10,000 x 10,000: more is a scan of a map or an attack

constexpr std::array<std::string_view, 19> kExtensions = {".jpg", ".jpeg", ".jpe", ".png", ".bmp", ".dib", ".webp",
                                                          ".tif", ".tiff", ".pbm", ".pgm", ".ppm", ".pnm", ".jp2",
                                                          ".ras", ".sr",   ".hdr", ".exr", ".pxm"};

std::vector<std::uint8_t> readBytes(const std::filesystem::path& file) {
    std::error_code error;
    const std::uint64_t size = std::filesystem::file_size(file, error);
    if (error) throw std::runtime_error("it cannot be opened (" + error.message() + ")");
    if (size == 0) throw std::runtime_error("it is empty");
    if (size > kMaxFileBytes) throw std::runtime_error("it is larger than 256 MiB");
    std::vector<std::uint8_t> bytes(size);
    std::ifstream stream(file, std::ios::binary);
    stream.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(size));
    if (!stream) throw std::runtime_error("it cannot be read; check its permissions");
    return bytes;
}

unsigned bigEndian(const std::vector<std::uint8_t>& bytes, std::size_t at, int count) {
    unsigned value = 0;
    for (int i = 0; i < count; ++i) value = value << 8 | bytes[at + i];
    return value;
}

unsigned littleEndian(const std::vector<std::uint8_t>& bytes, std::size_t at, int count) {
    unsigned value = 0;
    for (int i = count; i-- > 0;) value = value << 8 | bytes[at + i];
    return value;
}

bool isJpeg(const std::vector<std::uint8_t>& file) {
    return file.size() > 4 && file[0] == 0xff && file[1] == 0xd8 && file[2] == 0xff;
}

/// Walks the segments up to the frame header (SOF0..SOF15, but DHT, JPG and DAC).
cv::Size claimedJpegSize(const std::vector<std::uint8_t>& file) {
    std::size_t at = 2;
    while (at + 9 < file.size() && file[at] == 0xff) {
        const std::uint8_t marker = file[at + 1];
        if (marker == 0xff) {
            ++at;
            continue;
        }
        const bool isFrame = marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
        if (isFrame)
            return {static_cast<int>(bigEndian(file, at + 7, 2)), static_cast<int>(bigEndian(file, at + 5, 2))};
        at += 2 + bigEndian(file, at + 2, 2);
    }
    return {};
}

cv::Size bounded(unsigned width, unsigned height) {
    constexpr unsigned kMost = 1U << 30;  // an absurd claim must stay absurd as an int
    return {static_cast<int>(std::min(width, kMost)), static_cast<int>(std::min(height, kMost))};
}

int readMode(const std::vector<std::uint8_t>& bytes, cv::Size claimed, int wantedSide) {
    const int shorter = std::min(claimed.width, claimed.height);
    if (!isJpeg(bytes) || wantedSide <= 0 || shorter < 2 * wantedSide) return cv::IMREAD_ANYCOLOR;
    // The decoder's own scaling costs a fraction of a full decode; what is left is at least the wanted size.
    if (shorter >= 8 * wantedSide) return cv::IMREAD_REDUCED_COLOR_8;
    if (shorter >= 4 * wantedSide) return cv::IMREAD_REDUCED_COLOR_4;
    return cv::IMREAD_REDUCED_COLOR_2;
}

cv::Mat withChannels(const cv::Mat& image, int channels) {
    cv::Mat converted;
    if (channels == 1 && image.channels() == 3)
        cv::cvtColor(image, converted, cv::COLOR_BGR2GRAY);
    else if (channels == 3)
        cv::cvtColor(image, converted, image.channels() == 1 ? cv::COLOR_GRAY2RGB : cv::COLOR_BGR2RGB);
    else
        converted = image;
    return converted;
}

}  // namespace

bool hasImageExtension(const std::filesystem::path& file) {
    std::string extension = file.extension().string();
    for (char& letter : extension) letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
    return std::ranges::find(kExtensions, extension) != kExtensions.end();
}

FileStamp stampOf(const std::filesystem::path& file) {
    std::error_code error;
    FileStamp stamp;
    const auto bytes = std::filesystem::file_size(file, error);
    if (!error) stamp.bytes = bytes;
    const auto time = std::filesystem::last_write_time(file, error);
    if (!error) stamp.modified = time.time_since_epoch().count();
    return stamp;
}

cv::Size claimedSize(const std::vector<std::uint8_t>& file) {
    constexpr std::array<std::uint8_t, 4> kPng = {0x89, 'P', 'N', 'G'};
    if (file.size() >= 24 && std::memcmp(file.data(), kPng.data(), kPng.size()) == 0)
        return bounded(bigEndian(file, 16, 4), bigEndian(file, 20, 4));
    if (file.size() >= 26 && file[0] == 'B' && file[1] == 'M')
        return bounded(littleEndian(file, 18, 4), littleEndian(file, 22, 4) & 0x7fffffffU);
    if (isJpeg(file)) return claimedJpegSize(file);
    return {};
}

cv::Mat decodeImage(const std::filesystem::path& file, int wantedSide) {
    const std::vector<std::uint8_t> bytes = readBytes(file);
    const cv::Size claimed = claimedSize(bytes);
    if (static_cast<double>(claimed.width) * claimed.height > kMaxPixels)
        throw std::runtime_error("it claims " + std::to_string(claimed.width) + "x" + std::to_string(claimed.height) +
                                 " pixels, more than the 100 million that are allowed");
    cv::Mat image;
    try {
        image = cv::imdecode(bytes, readMode(bytes, claimed, wantedSide));
    } catch (const cv::Exception&) {
        image.release();  // what OpenCV refuses is as unreadable as what it does not know
    }
    if (image.empty()) throw std::runtime_error("it is not an image that can be read");
    if (image.depth() != CV_8U) image.convertTo(image, CV_8U, image.depth() == CV_16U ? 1.0 / 256 : 255.0);
    if (image.channels() == 4) cv::cvtColor(image, image, cv::COLOR_BGRA2BGR);
    return image;
}

void writeShaped(const cv::Mat& decoded, const ImageShape& shape, std::uint8_t* target) {
    cv::Mat image = decoded;
    const cv::Size wanted(shape.width, shape.height);
    if (image.size() != wanted) {
        const double scale =
            std::max(static_cast<double>(wanted.width) / image.cols, static_cast<double>(wanted.height) / image.rows);
        const cv::Size scaled(std::max(wanted.width, cvRound(image.cols * scale)),
                              std::max(wanted.height, cvRound(image.rows * scale)));
        cv::resize(image, image, scaled, 0, 0, scale < 1 ? cv::INTER_AREA : cv::INTER_LINEAR);
        image = image(cv::Rect((scaled.width - wanted.width) / 2, (scaled.height - wanted.height) / 2, wanted.width,
                               wanted.height));
    }
    cv::Mat output(shape.height, shape.width, CV_8UC(shape.channels), target);
    withChannels(image, shape.channels).copyTo(output);
}

}  // namespace embedscope
