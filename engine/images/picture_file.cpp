#include "engine/picture_file.h"

#include "engine/images/failure.h"
#include "engine/images/image_file.h"
#include "engine/images/image_header.h"
#include "engine/images/parallel.h"

#include <algorithm>
#include <exception>
#include <new>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace embedscope {
namespace {

constexpr std::uint8_t kGrey = 128;

/// By its name. A link within the folder may lead elsewhere: data sets of links to shared pictures are common, and
/// whoever made the link could read the picture.
bool leavesFolder(const std::filesystem::path& path) {
    const std::filesystem::path plain = path.lexically_normal();
    return path.is_absolute() || plain.empty() || *plain.begin() == "..";
}

void readInto(const std::filesystem::path& root, const std::string& path, const ImageShape& shape,
              std::uint8_t* target) {
    if (leavesFolder(path)) throw std::runtime_error("it lies outside the folder of images");
    writeShaped(decodeImage(root / path, std::min(shape.height, shape.width)).pixels, shape, target);
}

}  // namespace

bool isPictureName(const std::filesystem::path& file) {
    return hasImageExtension(file);
}

std::shared_ptr<const DataSet> readPicture(const std::filesystem::path& file, const ImageShape& shape) try {
    auto data = std::make_shared<DataSet>();
    data->root = file.parent_path();
    data->name = file.filename().string();
    data->samples.push_back({file.filename().string(), kUnlabelled, Split::HoldOut});
    data->shape = shape;
    std::vector<std::uint8_t> pixels(shape.bytes());
    writeShaped(decodeImage(file, std::min(shape.height, shape.width)).pixels, shape, pixels.data());
    data->pixels = std::make_shared<const std::vector<std::uint8_t>>(std::move(pixels));
    return data;
} catch (const std::exception& reason) {
    fail(file, std::string("cannot be read as a picture: ") + reason.what() + ".");
}

PictureList readPictures(const std::filesystem::path& root, const std::vector<std::string>& paths,
                         const ImageShape& shape, const std::stop_token& stop) {
    PictureList list{std::vector<std::uint8_t>(paths.size() * shape.bytes(), kGrey), {}};
    std::vector<std::string> reasons(paths.size());
    forEachIndex(paths.size(), stop, [&](std::size_t i) {
        try {
            readInto(root, paths[i], shape, list.pixels.data() + i * shape.bytes());
        } catch (const std::bad_alloc&) {
            reasons[i] = "it needs more memory than is free";
        } catch (const std::exception& unreadable) {  // OpenCV's own are no runtime_error
            reasons[i] = unreadable.what();
        }
    });
    for (std::size_t i = 0; i < paths.size(); ++i)
        if (!reasons[i].empty()) list.unreadable.push_back({paths[i], sentence(reasons[i])});
    return list;
}

}  // namespace embedscope
