#pragma once

#include "engine/data_set.h"

#include <filesystem>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

namespace embedscope {

/// Whether its name ends like that of an image.
bool isPictureName(const std::filesystem::path& file);

/// One picture, brought to `shape` as the images of a folder are. @return A data set of one unlabelled sample.
/// @throws std::runtime_error with one sentence that names the file.
std::shared_ptr<const DataSet> readPicture(const std::filesystem::path& file, const ImageShape& shape);

/// Pictures of a list of files.
struct PictureList {
    std::vector<std::uint8_t> pixels;     ///< [files, height, width, channels]
    std::vector<SkippedFile> unreadable;  ///< Their places are grey.
};

/// Decoded on all cores. Files outside `root` are not read. @param paths Relative to `root`, from any source.
PictureList readPictures(const std::filesystem::path& root, const std::vector<std::string>& paths,
                         const ImageShape& shape, const std::stop_token& stop = {});

}  // namespace embedscope
