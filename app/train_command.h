#pragma once

#include "app/train_options.h"
#include "engine/run.h"

namespace embedscope {

/// Loads, trains, writes and reports. Blocks; Ctrl+C stops at the next batch and keeps what was computed.
/// @return 0, or 130 after Ctrl+C.
/// @throws std::invalid_argument for settings that cannot work, std::runtime_error for what failed.
int runTrain(const TrainOptions& options, const RunFactory& start = startTrainingRun);

}  // namespace embedscope
