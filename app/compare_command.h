#pragma once

#include "app/compare_options.h"
#include "engine/run.h"

namespace embedscope {

/// Trains all runs side by side and stores the comparison, a run folder for each, the table and a report. Blocks;
/// Ctrl+C stops all at the next batch and keeps what was computed.
/// @return 0, 1 if a run failed (the others are kept), or 130 after Ctrl+C.
/// @throws std::invalid_argument for settings that cannot work, std::runtime_error for what failed.
int runCompare(const CompareOptions& options, const RunFactory& start = startTrainingRun);

}  // namespace embedscope
