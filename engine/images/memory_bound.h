#pragma once

#include <filesystem>

namespace embedscope {

/// Pixels are kept in memory, decoded; a machine that swaps is slower than one that says no.
/// @throws std::runtime_error naming the folder and the cure if `bytes` is more than 70 % of this machine's memory.
void checkFitsMemory(const std::filesystem::path& folder, double bytes);

}  // namespace embedscope
