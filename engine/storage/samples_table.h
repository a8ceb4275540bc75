#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace embedscope {

/// A line of samples.csv.
struct NamedSample {
    std::string index, path, label, split;  ///< An empty label: unlabelled. Split: "train" or "hold_out".
};

/// @throws std::runtime_error naming the file and the line.
std::vector<NamedSample> readSamplesTable(const std::filesystem::path& file);

}  // namespace embedscope
