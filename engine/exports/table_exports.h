#pragma once

#include <filesystem>
#include <string>

namespace embedscope {

// What can be written of a run's embeddings. Each returns a remark on what is missing in it, or nothing, and throws
// std::runtime_error naming the file that cannot be read or written.

/// index, path, label, split and the numbers of each embedding.
std::string exportCsv(const std::filesystem::path& runFolder, const std::filesystem::path& out);
/// float32 [rows, dimension], with a table of index, path, label and split beside it.
std::string exportNpy(const std::filesystem::path& runFolder, const std::filesystem::path& out);
/// A folder for the Embedding Projector, with pictures if the images are still there.
std::string exportProjector(const std::filesystem::path& runFolder, const std::filesystem::path& out);
/// metrics.csv as an event file of TensorBoard, in a folder.
std::string exportTensorBoard(const std::filesystem::path& runFolder, const std::filesystem::path& out);

}  // namespace embedscope
