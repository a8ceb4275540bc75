#pragma once

#include "engine/checkpoint.h"

#include <cstdint>
#include <filesystem>
#include <vector>

namespace embedscope {

/// A checkpoint on disk and how long the growing files of its run were then.
struct SavedCheckpoint {
    Checkpoint checkpoint;
    std::uint64_t metricsBytes = 0, eventsBytes = 0;
};

/// A safetensors file, in full or not at all; the rest is its metadata.
/// @throws std::runtime_error naming the file if it cannot be written.
void writeCheckpoint(const std::filesystem::path& file, const Checkpoint& checkpoint, std::uint64_t metricsBytes,
                     std::uint64_t eventsBytes);
/// The file may come from anywhere. @throws std::runtime_error naming the file and what is wrong with it.
SavedCheckpoint readCheckpoint(const std::filesystem::path& file);

/// Where in its run a checkpoint was taken.
struct CheckpointPlace {
    std::int64_t step = 0;
    std::uint64_t metricsBytes = 0, eventsBytes = 0;
};
/// Without reading its tensors. @throws std::runtime_error naming the file and what is wrong with it.
CheckpointPlace readCheckpointPlace(const std::filesystem::path& file);

/// "checkpoints/epoch_<k>.safetensors" of a run folder, and "checkpoints/paused.safetensors" within an epoch.
std::filesystem::path checkpointFile(const std::filesystem::path& runFolder, const Checkpoint& checkpoint);
std::filesystem::path checkpointFile(const std::filesystem::path& runFolder, std::int64_t epoch);
std::filesystem::path pausedFile(const std::filesystem::path& runFolder);

/// The epochs whose checkpoints a folder holds, ascending.
std::vector<std::int64_t> savedEpochs(const std::filesystem::path& runFolder);

/// Of the epochs, which need not be kept any more: the last two always are, of the others evenly spread ones, at most
/// `most`.
std::vector<std::int64_t> passingEpochs(const std::vector<std::int64_t>& epochs, std::size_t most);

}  // namespace embedscope
