#include "tests/bench/made_images.h"

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace embedscope::bench {
namespace {

namespace fs = std::filesystem;

/// Soft colours with grain and lines: compresses to about the size of a photograph's file. The class shows in the hue.
std::vector<std::uint8_t> picture(std::size_t number, std::size_t classNumber, const MadeImages& images) {
    cv::RNG random(number * 7919 + 1);
    cv::Mat coarse(6, 8, CV_8UC3), image, grain(images.height, images.width, CV_8UC3);
    random.fill(coarse, cv::RNG::UNIFORM, 0, 200);
    cv::add(coarse,
            cv::Scalar(double(classNumber * 5 % 55), double(classNumber * 17 % 55), double(classNumber * 29 % 55)),
            coarse);
    cv::resize(coarse, image, grain.size(), 0, 0, cv::INTER_CUBIC);
    random.fill(grain, cv::RNG::UNIFORM, 0, 24);
    cv::add(image, grain, image);
    for (int i = 0; i < 4; ++i)
        cv::line(image, {random.uniform(0, images.width), random.uniform(0, images.height)},
                 {random.uniform(0, images.width), random.uniform(0, images.height)},
                 cv::Scalar(random.uniform(0, 255), random.uniform(0, 255), random.uniform(0, 255)));
    std::vector<std::uint8_t> bytes;
    cv::imencode(".jpg", image, bytes, {cv::IMWRITE_JPEG_QUALITY, 92});
    return bytes;
}

void write(const fs::path& file, const std::vector<std::uint8_t>& bytes) {
    std::ofstream stream(file, std::ios::binary);
    stream.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    stream.close();
    if (!stream) throw std::runtime_error("\"" + file.string() + "\" cannot be written; free some space.");
}

}  // namespace

MadeFolder::MadeFolder(const MadeImages& images) : folder_(makeTemporaryFolder()) {
    const std::size_t different = std::min(images.count, images.different);
    std::vector<fs::path> files(different);
    for (std::size_t c = 0; c < images.classes; ++c) fs::create_directory(folder_ / ("class" + std::to_string(c)));
    for (std::size_t i = 0; i < images.count; ++i) {
        const std::size_t classNumber = i % different % images.classes;  // a link keeps the class of its file
        const fs::path file = folder_ / ("class" + std::to_string(classNumber)) / (std::to_string(i) + ".jpg");
        if (i < different)
            write(files[i] = file, picture(i, classNumber, images));
        else
            fs::create_hard_link(files[i % different], file);
    }
}

MadeFolder::~MadeFolder() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
}

fs::path makeTemporaryFolder() {
    std::string name = (fs::temp_directory_path() / "embedscope_bench_XXXXXX").string();
    if (!::mkdtemp(name.data())) throw std::runtime_error("\"" + name + "\" cannot be made; check TMPDIR.");
    return name;
}

}  // namespace embedscope::bench
