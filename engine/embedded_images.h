#pragma once

#include "engine/data_set.h"

#include <filesystem>
#include <span>

namespace embedscope {

/// "cats.csv" for "cats.npy". @throws std::invalid_argument if the name does not end in .npy.
std::filesystem::path tableBeside(const std::filesystem::path& npy);

/// Embeddings and whose they are, for other programs: `npy` of float32 [images, dimension], and beside it a CSV table
/// with path and label (empty: unlabelled) of each row. Each file in full or not at all, the table first.
/// @throws std::runtime_error naming the file that cannot be written.
void writeEmbeddedImages(const std::filesystem::path& npy, const DataSet& images, std::span<const float> rows,
                         int dimension);

}  // namespace embedscope
