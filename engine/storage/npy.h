#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <variant>
#include <vector>

namespace embedscope {

/// A NumPy array in C order.
struct NpyArray {
    std::vector<std::size_t> shape;  ///< Empty for a single number.
    std::variant<std::vector<float>, std::vector<double>, std::vector<std::int32_t>, std::vector<std::int64_t>> values;
};

/// Writes `values` as .npy (format 1.0), in full or not at all.
/// @throws std::runtime_error naming the file if it cannot be written.
void writeNpy(const std::filesystem::path& file, std::span<const float> values, std::vector<std::size_t> shape);
void writeNpy(const std::filesystem::path& file, std::span<const std::int32_t> values, std::vector<std::size_t> shape);

/// Reads a .npy file of little-endian float32, float64, int32 or int64 in C order. The file may come from anywhere:
/// nothing is allocated before its header agrees with its size.
/// @throws std::runtime_error naming the file and what is wrong with it.
NpyArray readNpy(const std::filesystem::path& file);

}  // namespace embedscope
