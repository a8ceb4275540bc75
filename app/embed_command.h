#pragma once

#include <CLI/CLI.hpp>

#include <filesystem>

namespace embedscope {

/// What `embedscope embed` was told.
struct EmbedOptions {
    std::filesystem::path folder, run, out;
    int threads = 0;
    bool json = false, quiet = false;
};

void addEmbedOptions(CLI::App& command, EmbedOptions& options);

/// Embeds any images with the encoder of a kept run. Blocks. @return The exit code.
/// @throws std::invalid_argument for settings that cannot work, std::runtime_error for what failed.
int runEmbed(const EmbedOptions& options);

}  // namespace embedscope
