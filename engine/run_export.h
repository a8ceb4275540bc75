#pragma once

#include "engine/catalog.h"

#include <filesystem>
#include <string_view>

namespace embedscope {

/// What the embeddings of a kept run can be exported as: "csv" (one file) and "projector" (a folder for the Embedding
/// Projector of TensorFlow).
const Catalog& exportCatalog();

/// The embeddings of the newest complete epoch of a run folder. Files are written in full or not at all.
/// @param out A file that is made anew, or for "projector" a folder.
/// @throws std::invalid_argument naming the known formats; std::runtime_error naming the file that cannot be read or
/// written.
void exportRun(const std::filesystem::path& runFolder, std::string_view format, const std::filesystem::path& out);

}  // namespace embedscope
