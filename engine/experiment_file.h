#pragma once

#include "engine/experiment.h"

#include <filesystem>

namespace embedscope {

/// The experiment in `file`, an experiment.json of a run or one written by hand.
/// @throws std::runtime_error naming the file if it cannot be read, is larger than 1 MiB or is no experiment.
Experiment readExperiment(const std::filesystem::path& file);

}  // namespace embedscope
