#include "engine/data_set.h"

#include "engine/images/idx_file.h"
#include "engine/images/image_file.h"

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <fstream>
#include <stdexcept>

namespace embedscope {
namespace {

Image imageOf(const cv::Mat& rgb) {
    Image image;
    image.shape = {rgb.rows, rgb.cols, rgb.channels()};
    image.pixels.resize(image.shape.bytes());
    rgb.copyTo(cv::Mat(rgb.rows, rgb.cols, rgb.type(), image.pixels.data()));
    return image;
}

bool isInsideIdx(const std::string& path) {
    const std::size_t mark = path.rfind('#');
    return mark != std::string::npos && isIdxImages(path.substr(0, mark));
}

}  // namespace

std::vector<std::string> problems(const DataSet& data, const Experiment& experiment) {
    std::vector<std::size_t> count(data.classNames.size());
    for (const Sample& sample : data.samples)
        if (sample.split == Split::Train && sample.label != kUnlabelled) ++count[sample.label];
    const auto usable = std::ranges::count_if(count, [](std::size_t n) { return n >= 2; });
    const std::string& loss = experiment.loss.id;
    if (data.classNames.empty())
        return {"\"" + data.name + "\" has no labels, which the loss \"" + loss +
                "\" needs; put the images into a folder for each class, or open a CSV manifest with labels."};
    if (data.classNames.size() == 1)
        return {"\"" + data.name + "\" has one class (\"" + data.classNames[0] +
                "\"), so there is nothing to tell apart; add a folder with a second class."};
    if (usable < 2)
        return {"Fewer than two classes of \"" + data.name +
                "\" have two or more training images; lower the hold-out share or add images."};
    return {};
}

Image originalImage(const DataSet& data, std::size_t index, int maxSide) {
    const std::string& path = data.samples.at(index).path;
    if (isInsideIdx(path)) {
        Image image{data.shape, {}};
        image.pixels.assign(data.image(index).begin(), data.image(index).end());
        return image;
    }
    cv::Mat decoded;
    try {
        decoded = decodeImage(data.root / path, maxSide);
    } catch (const std::runtime_error& reason) {
        throw std::runtime_error("\"" + path + "\" cannot be shown: " + reason.what() + ".");
    }
    if (decoded.channels() == 3) cv::cvtColor(decoded, decoded, cv::COLOR_BGR2RGB);
    const double scale = static_cast<double>(maxSide) / std::max(decoded.rows, decoded.cols);
    if (scale < 1) cv::resize(decoded, decoded, {}, scale, scale, cv::INTER_AREA);
    return imageOf(decoded);
}

void writePng(const std::filesystem::path& file, const Image& image) {
    cv::Mat view(image.shape.height, image.shape.width, CV_8UC(image.shape.channels),
                 const_cast<std::uint8_t*>(image.pixels.data()));  // OpenCV has no const view; it is only read
    cv::Mat stored;
    if (image.shape.channels == 3)
        cv::cvtColor(view, stored, cv::COLOR_RGB2BGR);
    else
        stored = view;
    std::vector<std::uint8_t> bytes;
    cv::imencode(".png", stored, bytes);
    std::ofstream stream(file, std::ios::binary);
    stream.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    stream.close();
    if (!stream)
        throw std::runtime_error("\"" + file.string() + "\" cannot be written; check the folder and the free space.");
}

}  // namespace embedscope
