#pragma once

#include "app/doorbell.h"
#include "app/interrupt.h"
#include "app/progress.h"
#include "engine/checkpoint.h"
#include "engine/comparison.h"
#include "engine/data_set.h"
#include "engine/run.h"

#include <memory>
#include <vector>

namespace embedscope {

using RunImages = std::vector<std::shared_ptr<const DataSet>>;  ///< [Comparison::runs] with their hold-outs.
using Starts = std::vector<std::shared_ptr<const Checkpoint>>;  ///< [Comparison::runs] null: from step 0.

/// Where the forks begin: their parents are trained up to there, apart from the comparison and without leaving a trace.
/// Blocks. @return Empty if interrupted.
/// @throws std::runtime_error naming the fork, e.g. of a parent that ends before the step.
Starts forkStarts(const Comparison& comparison, const RunImages& images, const RunFactory& startRun, Doorbell& bell,
                  const Interrupt& interrupt, Progress& progress);

}  // namespace embedscope
