#pragma once

#include "engine/data_set.h"

#include <filesystem>
#include <memory>
#include <stop_token>
#include <vector>

namespace embedscope {

/// True if the name is that of an IDX images file: "…-images-idx3-ubyte" or "….gz" of it.
bool isIdxImages(const std::filesystem::path& file);

/// The IDX images files directly in a folder, sorted.
std::vector<std::filesystem::path> idxImagesIn(const std::filesystem::path& folder);

/// Reads MNIST's format with its labels beside it. Of several files, those named t10k… or test… are the hold-out.
/// Header claims are held against the data before anything of their size is allocated.
/// @throws std::runtime_error naming the file.
std::shared_ptr<DataSet> readIdx(const std::vector<std::filesystem::path>& imagesFiles, std::stop_token stop);

}  // namespace embedscope
