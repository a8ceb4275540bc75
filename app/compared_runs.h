#pragma once

#include "app/doorbell.h"
#include "app/fork_starts.h"
#include "app/interrupt.h"
#include "app/progress.h"
#include "engine/comparison.h"
#include "engine/data_set.h"
#include "engine/run.h"

#include <filesystem>
#include <memory>
#include <vector>

namespace embedscope {

using Snapshots = std::vector<std::shared_ptr<const Snapshot>>;  ///< [Comparison::runs]

/// Where a run of a comparison is stored: its number and its name without what a file name cannot hold, so that no
/// name leads out of `out`.
std::filesystem::path runFolder(const std::filesystem::path& out, std::size_t number, const std::string& name);

/// Trains all as twins, each from its start. Blocks until the last has ended; an interrupt stops all. A run that fails
/// leaves the others.
/// @return The last snapshots.
Snapshots trainTogether(const Comparison& comparison, const RunImages& images, const std::filesystem::path& out,
                        const Starts& starts, const RunFactory& startRun, Doorbell& bell, const Interrupt& interrupt,
                        Progress& progress);

}  // namespace embedscope
