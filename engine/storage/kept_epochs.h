#pragma once

#include "engine/embedding_file.h"

#include <cstdint>
#include <filesystem>
#include <vector>

namespace embedscope {

/// The exact embeddings at the end of an epoch, as a run folder keeps them.
struct KeptEpoch {
    std::int64_t epoch = 0;
    EmbeddingTable table;
    std::vector<std::int32_t> samples;  ///< [table.count] lines of samples.csv, from 0.
};

/// The newest complete epoch of a run folder; -1: none.
std::int64_t newestEpoch(const std::filesystem::path& runFolder);

/// @param samples Of the run; rows that name others are refused. @throws std::runtime_error naming the file.
KeptEpoch readEpoch(const std::filesystem::path& runFolder, std::int64_t epoch, std::size_t samples);

}  // namespace embedscope
