#pragma once

#include "engine/data_load.h"

#include <opencv2/imgcodecs.hpp>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace embedscope {

/// Writes bytes, making the folders above.
inline void writeBytes(const std::filesystem::path& file, const std::string& bytes) {
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

inline std::string encoded(const cv::Mat& image, const std::string& extension) {
    std::vector<std::uint8_t> bytes;
    cv::imencode(extension, image, bytes);
    return {bytes.begin(), bytes.end()};
}

/// A picture of one colour (BGR); the format follows from the name.
inline void writePicture(const std::filesystem::path& file, cv::Size size = {16, 16},
                         const cv::Scalar& colour = {10, 120, 240}) {
    writeBytes(file, encoded(cv::Mat(size, CV_8UC3, colour), file.extension().string()));
}

inline void writeGrey(const std::filesystem::path& file, cv::Size size = {16, 16}, int value = 128) {
    writeBytes(file, encoded(cv::Mat(size, CV_8UC1, cv::Scalar(value)), file.extension().string()));
}

inline std::shared_ptr<const DataSet> loaded(const std::filesystem::path& place) {
    DataSettings settings;
    settings.folder = place;
    return loadDataSet(settings);
}

/// What opening says when it fails; empty if it works.
inline std::string complaintOf(const std::filesystem::path& place) try {
    loaded(place);
    return {};
} catch (const std::runtime_error& failure) {
    return failure.what();
}

/// "cats/1.png=0 train" for each sample.
inline std::vector<std::string> listing(const DataSet& data) {
    std::vector<std::string> lines;
    for (const Sample& sample : data.samples)
        lines.push_back(sample.path + "=" + std::to_string(sample.label) +
                        (sample.split == Split::Train ? " train" : " hold-out"));
    return lines;
}

/// "a.png: It is empty." for each skipped file.
inline std::vector<std::string> reportOf(const DataSet& data) {
    std::vector<std::string> lines;
    for (const SkippedFile& file : data.skipped) lines.push_back(file.path + ": " + file.reason);
    return lines;
}

}  // namespace embedscope
