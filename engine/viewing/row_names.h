#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace embedscope {

/// What is known of the rows of a table of embeddings.
struct RowNames {
    std::vector<std::string> labels;  ///< [rows] empty: unlabelled.
    std::vector<std::string> paths;   ///< [rows], or none.
};

/// Of a file of labels; see ViewSource::labels. @throws std::runtime_error naming the file and the line.
RowNames readRowNames(const std::filesystem::path& file);

/// The lines of a run's samples.csv that an index.npy names. @throws std::runtime_error naming the file.
RowNames readRowNames(const std::filesystem::path& samplesTable, const std::filesystem::path& index);

}  // namespace embedscope
