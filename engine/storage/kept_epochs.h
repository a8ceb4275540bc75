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

/// The complete epochs of a folder that holds "epochs/epoch_<k>/embeddings.npy", ascending.
std::vector<std::int64_t> keptEpochs(const std::filesystem::path& folder);
/// The newest of them; -1: none.
std::int64_t newestEpoch(const std::filesystem::path& folder);
/// Of one epoch.
std::filesystem::path embeddingsFile(const std::filesystem::path& folder, std::int64_t epoch);

/// Of the epochs before the last, those that are shown on the way to it: evenly spread ones, at most `most`.
std::vector<std::int64_t> epochsOnTheWay(const std::vector<std::int64_t>& epochs, std::size_t most);

/// @param samples Of the run; rows that name others are refused. @throws std::runtime_error naming the file.
KeptEpoch readEpoch(const std::filesystem::path& runFolder, std::int64_t epoch, std::size_t samples);

}  // namespace embedscope
