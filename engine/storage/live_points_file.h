#pragma once

#include "engine/snapshot.h"

#include <cstddef>
#include <filesystem>

namespace embedscope {

/// "live.safetensors" of a run folder: where the points were a moment ago.
std::filesystem::path livePointsFile(const std::filesystem::path& runFolder);

/// Replaced in one go, but not made to last. @throws std::runtime_error naming the file.
void writeLivePoints(const std::filesystem::path& file, const BankFrame& bank);

/// @param samples Of the run; rows that name others are refused. @throws std::runtime_error naming the file.
BankFrame readLivePoints(const std::filesystem::path& file, std::size_t samples);

}  // namespace embedscope
