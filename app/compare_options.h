#pragma once

#include "app/train_options.h"
#include "engine/comparison.h"

#include <CLI/CLI.hpp>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace embedscope {

/// What `embedscope compare` was told.
struct CompareOptions {
    std::string source;                ///< A comparison.json or a ready-made one; of a grid the folder of images.
    std::string grid;                  ///< "loss.margin=0.2,0.5"
    std::vector<std::uint64_t> seeds;  ///< Every run with each of them.
    TrainOptions experiment;           ///< The one that a grid varies; laid over every run of a comparison.
    std::optional<Pace> pace;
    std::optional<double> goal;

    std::filesystem::path out;
    bool json = false, quiet = false, dark = false;
    std::pair<int, int> pictureSize{900, 700};
};

void addCompareOptions(CLI::App& command, CompareOptions& options);

/// The comparison that is meant, checked.
/// @throws std::invalid_argument with every problem's sentence, std::runtime_error for a file that cannot be read.
Comparison comparisonOf(const CompareOptions& options);

/// Each run with each seed; forks leave the parent with their own seed.
Comparison withSeeds(const Comparison& comparison, const std::vector<std::uint64_t>& seeds);

}  // namespace embedscope
