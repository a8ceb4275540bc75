#pragma once

#include <CLI/CLI.hpp>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace embedscope {

/// What `embedscope project` was told.
struct ProjectOptions {
    std::filesystem::path embeddings, labels, out;
    std::filesystem::path place, placeOut;  ///< New points for the finished map, and where they lie in it.
    std::string method = "tsne";
    int dims = 2;
    std::vector<std::string> settings;  ///< "perplexity=30"
    std::uint64_t seed = 1;
    int threads = 0;
    bool json = false;
};

void addProjectOptions(CLI::App& command, ProjectOptions& options);

/// Reads, maps, writes and reports. Blocks.
/// @throws std::invalid_argument for settings that cannot work, std::runtime_error for what failed.
int runProject(const ProjectOptions& options);

}  // namespace embedscope
