#pragma once

#include "engine/images/load_progress.h"

#include <filesystem>
#include <memory>
#include <stop_token>
#include <vector>

namespace embedscope {

/// True if the name is that of an IDX images file: "…images-idx3-ubyte" or "….gz" of it, as in the MNIST family; a dot
/// before "idx3" is as common.
bool isIdxImages(const std::filesystem::path& file);

/// The IDX images files directly in a folder, sorted; a file beside its own .gz counts once.
std::vector<std::filesystem::path> idxImagesIn(const std::filesystem::path& folder);

/// Reads MNIST's format with its labels beside it. Of several files, those named t10k… or test… are the hold-out.
/// The images keep their size if it suits a square of automaticSide(), else they are brought to it as others are.
/// Header claims are held against the data before anything of their size is allocated.
/// @throws std::runtime_error naming the file; Cancelled.
std::shared_ptr<const DataSet> loadIdx(const std::vector<std::filesystem::path>& imagesFiles,
                                       const DataSettings& settings, LoadProgress& progress, std::stop_token stop);

}  // namespace embedscope
