#pragma once

#include "engine/data_set.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace embedscope {

/// What a manifest says of its images in one of its further columns. Immutable.
struct SampleColumn {
    std::string name;
    std::vector<float> numbers;          ///< [samples] NaN: nothing is said. Empty if some value is no number.
    std::vector<std::int32_t> kinds;     ///< [samples] index into kindNames; -1: nothing is said. Empty for numbers.
    std::vector<std::string> kindNames;  ///< The commonest first.

    bool isNumeric() const { return !numbers.empty(); }
    /// As the manifest has it; empty: nothing is said.
    std::string textOf(std::size_t sample) const;
};

using SampleColumns = std::vector<SampleColumn>;

/// The columns of the manifest beside path, label and split, at most 50 of them; none for a folder without a manifest
/// or a manifest without a heading line. Blocks: reads the file.
/// @param place What `data` was opened from: a manifest, or a folder that may hold one.
/// @throws std::runtime_error naming the file and the line.
std::shared_ptr<const SampleColumns> manifestColumns(const std::filesystem::path& place, const DataSet& data);

}  // namespace embedscope
