#include "engine/images/image_shape.h"

#include "engine/images/image_file.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <stdexcept>

namespace embedscope {
namespace {

constexpr std::size_t kLookedAt = 200;
constexpr int kLargestOwnSide = 64;

bool isGrey(const cv::Mat& image) {
    if (image.channels() == 1) return true;
    cv::Mat low, high;
    cv::Mat channels[3];
    cv::split(image, channels);
    cv::min(channels[0], channels[1], low);
    cv::min(low, channels[2], low);
    cv::max(channels[0], channels[1], high);
    cv::max(high, channels[2], high);
    double spread = 0;
    cv::minMaxLoc(high - low, nullptr, &spread);
    return spread == 0;
}

}  // namespace

ImageShape chooseShape(const SourceList& list, const DataSettings& settings, std::stop_token stop) {
    bool grey = true, sameSide = true;
    int side = 0;
    std::string reason;
    const std::size_t count = list.images.size();
    const std::size_t stride = std::max<std::size_t>(1, count / kLookedAt);
    for (std::size_t i = 0; i < count && !stop.stop_requested(); i += stride) try {
            const cv::Mat image = decodeImage(list.root / list.images[i].path, 0);
            grey = grey && isGrey(image);
            const int shorter = std::min(image.rows, image.cols);
            sameSide = sameSide && (side == 0 || side == shorter);
            side = shorter;
        } catch (const std::runtime_error& unreadable) {
            reason = unreadable.what();  // it is counted and listed when all are decoded
        }
    if (side == 0 && !stop.stop_requested())
        throw std::runtime_error("\"" + list.root.string() + "\": none of the first " +
                                 std::to_string(std::min(count, kLookedAt)) + " images can be read (" + reason + ").");
    ImageShape shape;
    const bool keep = sameSide && side <= kLargestOwnSide && side >= 8;
    shape.height = shape.width = settings.imageSize > 0 ? settings.imageSize : keep ? side : kLargestOwnSide;
    const bool wantsGrey = settings.channels == Channels::Automatic ? grey : settings.channels == Channels::Grey;
    shape.channels = wantsGrey ? 1 : 3;
    return shape;
}

std::shared_ptr<const DataSet> reshaped(std::shared_ptr<DataSet> data, const DataSettings& settings) {
    ImageShape wanted = data->shape;
    if (settings.imageSize > 0) wanted.height = wanted.width = settings.imageSize;
    if (settings.channels == Channels::Colour) wanted.channels = 3;
    if (wanted == data->shape) return data;
    auto pixels = std::make_shared<std::vector<std::uint8_t>>(data->size() * wanted.bytes());
    for (std::size_t i = 0; i < data->size(); ++i) {
        // OpenCV has no const view; the source is only read.
        auto* own = const_cast<std::uint8_t*>(data->image(i).data());
        writeShaped(cv::Mat(data->shape.height, data->shape.width, CV_8UC1, own), wanted,
                    pixels->data() + i * wanted.bytes());
    }
    data->shape = wanted;
    data->pixels = std::move(pixels);
    data->fingerprint += "-" + std::to_string(wanted.width) + "x" + std::to_string(wanted.channels);
    return data;
}

}  // namespace embedscope
