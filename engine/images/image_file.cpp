#include "engine/images/image_file.h"

#include "engine/file_descriptor.h"
#include "engine/images/failure.h"
#include "engine/images/image_header.h"

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <fcntl.h>
#include <new>
#include <stdexcept>
#include <string>
#include <sys/stat.h>
#include <system_error>
#include <vector>

namespace embedscope {
namespace {

constexpr std::uint64_t kMaxFileBytes = 256ULL << 20;
constexpr double kMaxPixels = 100e6;  // 10,000 x 10,000: more is a scan of a map or an attack

[[noreturn]] void failToOpen(int error) {
    if (error == EACCES) throw std::runtime_error("it cannot be opened; check its permissions");
    const std::string why = "it cannot be opened (" + std::generic_category().message(error) + ")";
    // Those that lie in what the folder holds; as they pass, the times of the file change.
    for (const int lasting : {ENOENT, ENOTDIR, ELOOP, ENAMETOOLONG, ENXIO})
        if (error == lasting) throw std::runtime_error(why);
    throw PassingFailure(why);
}

/// With four system calls and no stream between: small pictures are many.
std::vector<std::uint8_t> readBytes(const std::filesystem::path& file) {
    const FileDescriptor opened(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));  // a pipe has no end
    struct stat status {};
    if (opened.get() < 0 || ::fstat(opened.get(), &status) != 0) failToOpen(errno);
    if (!S_ISREG(status.st_mode)) throw std::runtime_error("it is no file");
    if (status.st_size == 0) throw std::runtime_error("it is empty");
    if (static_cast<std::uint64_t>(status.st_size) > kMaxFileBytes)
        throw std::runtime_error("it is larger than 256 MiB");
    std::vector<std::uint8_t> bytes(static_cast<std::size_t>(status.st_size));
    for (std::size_t read = 0; read < bytes.size();) {
        const ssize_t more = ::read(opened.get(), bytes.data() + read, bytes.size() - read);
        if (more < 0 && errno == EINTR) continue;
        if (more < 0) throw PassingFailure("it cannot be read to its end");
        if (more == 0) throw std::runtime_error("it cannot be read to its end");
        read += static_cast<std::size_t>(more);
    }
    return bytes;
}

/// Only formats of the table go to OpenCV: Debian's build would offer the others to GDAL, which reads dozens of formats
/// whose size cannot be bounded here.
void checkHeader(const ImageHeader& header) {
    if (header.format.empty()) throw std::runtime_error("it is not an image that can be read");
    if (header.width == 0 || header.height == 0)
        throw std::runtime_error(
            "its header does not say how large it is: it is damaged or of a kind that cannot be read");
    if (static_cast<double>(header.width) * static_cast<double>(header.height) <= kMaxPixels) return;
    throw std::runtime_error("it claims " + std::to_string(header.width) + "x" + std::to_string(header.height) +
                             " pixels, more than the 100 million that are allowed");
}

/// The decoder's own scaling costs a fraction of a full decode. What it leaves is twice the wanted size or more, or
/// just that: resizing by less than 2 what was averaged before blurs edges by up to a quarter of their height.
int readMode(const ImageHeader& header, int wantedSide) {
    if (header.format != "JPEG" || wantedSide <= 0) return cv::IMREAD_ANYCOLOR;
    const std::uint64_t shorter = std::min(header.width, header.height);
    const auto wanted = static_cast<std::uint64_t>(wantedSide);
    const auto leavesEnough = [&](std::uint64_t divisor) {
        return shorter >= 2 * divisor * wanted || (divisor > 2 && shorter == divisor * wanted);
    };
    if (leavesEnough(8)) return cv::IMREAD_REDUCED_COLOR_8;
    if (leavesEnough(4)) return cv::IMREAD_REDUCED_COLOR_4;
    if (leavesEnough(2)) return cv::IMREAD_REDUCED_COLOR_2;
    return cv::IMREAD_ANYCOLOR;
}

cv::Mat decodeBytes(const std::vector<std::uint8_t>& bytes, const ImageHeader& header, int mode) {
    cv::Mat image;
    try {
        image = cv::imdecode(bytes, mode);
    } catch (const cv::Exception& refusal) {
        if (refusal.code == cv::Error::StsNoMem) throw std::bad_alloc();
        image.release();  // what OpenCV refuses is as unreadable as what it does not know
    }
    if (image.empty())
        throw std::runtime_error("it looks like " + std::string(header.format) +
                                 ", but it is damaged or of a kind that cannot be read");
    if (image.depth() != CV_8U) image.convertTo(image, CV_8U, image.depth() == CV_16U ? 1.0 / 256 : 255.0);
    if (image.channels() == 4) cv::cvtColor(image, image, cv::COLOR_BGRA2BGR);
    return image;
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

FileStamp stampOf(const std::filesystem::path& file) {
    struct stat status {};  // one system call; std::filesystem needs two
    if (::stat(file.c_str(), &status) != 0) return {};
    const auto nanoseconds = [](const timespec& time) {
        return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
    };
    return {static_cast<std::uint64_t>(status.st_size), nanoseconds(status.st_mtim), nanoseconds(status.st_ctim)};
}

DecodedImage decodeImage(const std::filesystem::path& file, int wantedSide) {
    const std::vector<std::uint8_t> bytes = readBytes(file);
    const ImageHeader header = headerOf(bytes);
    checkHeader(header);
    DecodedImage decoded{decodeBytes(bytes, header, readMode(header, wantedSide)), 0};
    const auto claimed = static_cast<int>(std::min(header.width, header.height));
    decoded.ownSide = header.format == "JPEG" ? claimed : std::min(decoded.pixels.rows, decoded.pixels.cols);
    return decoded;
}

void writeShaped(const cv::Mat& decoded, const ImageShape& shape, std::uint8_t* target) {
    cv::Mat image = decoded;
    const cv::Size wanted(shape.width, shape.height);
    if (image.size() != wanted) {
        const double across = static_cast<double>(wanted.width) / image.cols;
        const double down = static_cast<double>(wanted.height) / image.rows;
        const double scale = std::max(across, down);
        // The middle is cut out before resizing: a ribbon of 1x50,000 pixels would else be blown up to 64x3,200,000.
        const int columns = std::clamp(cvRound(wanted.width / scale), 1, image.cols);
        const int rows = std::clamp(cvRound(wanted.height / scale), 1, image.rows);
        const cv::Rect middle((image.cols - columns) / 2, (image.rows - rows) / 2, columns, rows);
        cv::resize(image(middle), image, wanted, 0, 0, scale < 1 ? cv::INTER_AREA : cv::INTER_LINEAR);
    }
    cv::Mat output(shape.height, shape.width, CV_8UC(shape.channels), target);
    withChannels(image, shape.channels).copyTo(output);
}

Image pictureOf(const cv::Mat& decoded, int maxSide) {
    cv::Mat small = withChannels(decoded, decoded.channels());
    const double scale = static_cast<double>(maxSide) / std::max(small.rows, small.cols);
    if (scale < 1) {
        const cv::Size size(std::max(1, cvRound(small.cols * scale)), std::max(1, cvRound(small.rows * scale)));
        cv::resize(small, small, size, 0, 0, cv::INTER_AREA);
    }
    Image image{{small.rows, small.cols, small.channels()}, {}};
    image.pixels.resize(image.shape.bytes());
    small.copyTo(cv::Mat(small.rows, small.cols, small.type(), image.pixels.data()));
    return image;
}

}  // namespace embedscope
