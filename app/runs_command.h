#pragma once

#include <CLI/CLI.hpp>

#include <filesystem>
#include <string>

namespace embedscope {

/// What `embedscope runs` was told.
struct RunsOptions {
    std::filesystem::path folder;
    bool json = false;
};

void addRunsOptions(CLI::App& command, RunsOptions& options);

/// Lists the runs in a folder on standard output. @return The exit code. @throws std::runtime_error
int runRuns(const RunsOptions& options);

/// What `embedscope export` was told.
struct ExportOptions {
    std::filesystem::path run, out;
    std::string format = "csv";
};

void addExportOptions(CLI::App& command, ExportOptions& options);

/// @return The exit code. @throws std::invalid_argument for an unknown format, std::runtime_error
int runExport(const ExportOptions& options);

}  // namespace embedscope
