#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

namespace embedscope {

/// A table of numbers from a NumPy file.
struct EmbeddingTable {
    std::vector<float> rows;  ///< [count, dimension] row-major.
    std::size_t count = 0;
    int dimension = 0;
};

/// @throws std::runtime_error naming the file and what is wrong with it.
EmbeddingTable readEmbeddings(const std::filesystem::path& file);
/// Whole numbers, one a row. @throws as above.
std::vector<std::int32_t> readLabels(const std::filesystem::path& file);
/// [count, width] float32, in full or not at all. @throws as above.
void writeEmbeddings(const std::filesystem::path& file, std::span<const float> rows, int width);

}  // namespace embedscope
