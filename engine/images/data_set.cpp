#include "engine/data_set.h"

#include "engine/images/failure.h"
#include "engine/images/idx_file.h"
#include "engine/images/image_file.h"
#include "engine/learning.h"

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <fstream>
#include <stdexcept>

namespace embedscope {
namespace {

bool isInsideIdx(const std::string& path) {
    const std::size_t mark = path.rfind('#');
    return mark != std::string::npos && isIdxImages(path.substr(0, mark));
}

std::vector<std::string> viewProblems(const DataSet& data) {
    if (std::ranges::count(data.samples, Split::Train, &Sample::split) >= 2) return {};
    return {"\"" + data.name +
            "\" has fewer than two training images, so no image has another one to differ from; lower the hold-out "
            "share or add images."};
}

}  // namespace

std::vector<std::string> problems(const DataSet& data, const Experiment& experiment) {
    if (experiment.sampler.id == "pairs") return {};  // the file of pairs says what is similar, and is read by the run
    if (!usesLabels(experiment)) return viewProblems(data);
    std::vector<std::size_t> images(data.classNames.size());
    for (const Sample& sample : data.samples)
        if (sample.split == Split::Train && sample.label != kUnlabelled) ++images[sample.label];
    const auto present = std::ranges::count_if(images, [](std::size_t n) { return n > 0; });
    const auto usable = std::ranges::count_if(images, [](std::size_t n) { return n > 1; });
    const std::string name = "\"" + data.name + "\"";
    if (data.classNames.empty())
        return {name + " has no labels, which the loss \"" + experiment.loss.id +
                "\" needs; let the run learn from views of images instead (self_supervised), put the images into a "
                "folder for "
                "each class, or open a CSV manifest with labels."};
    if (data.classNames.size() == 1)
        return {
            name + " has one class (\"" + data.classNames[0] +
            "\"), so there is nothing to tell apart; let the run learn from views of images instead (self_supervised), "
            "or add a folder with a second class."};
    if (present == 0)
        return {"All labelled images of " + name +
                " are held out, so none is left to train on; choose another hold-out."};
    if (usable < 2)
        return {"Fewer than two classes of " + name +
                " have two or more training images; lower the hold-out share or add images."};
    return {};
}

Image originalImage(const DataSet& data, std::size_t index, int maxSide) {
    const std::string& path = data.samples.at(index).path;
    if (isInsideIdx(path)) {
        const int type = CV_8UC(data.shape.channels);
        // OpenCV has no const view; it is only read. Kept pixels are RGB, pictureOf() takes OpenCV's BGR.
        cv::Mat kept(data.shape.height, data.shape.width, type, const_cast<std::uint8_t*>(data.image(index).data()));
        if (data.shape.channels == 3) cv::cvtColor(kept, kept, cv::COLOR_RGB2BGR);
        return pictureOf(kept, maxSide);
    }
    try {
        return pictureOf(decodeImage(data.root / path, maxSide).pixels, maxSide);
    } catch (const std::runtime_error& reason) {
        throw std::runtime_error(inQuotes(path) + " cannot be shown: " + reason.what() + ".");
    }
}

void writePng(const std::filesystem::path& file, const Image& image) {
    if (image.shape.bytes() == 0 || image.pixels.size() != image.shape.bytes())
        fail(file, "cannot be written: the picture is empty or not of the size it claims.");
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
    if (!stream) fail(file, "cannot be written; check the folder and the free space.");
}

}  // namespace embedscope
