#pragma once

#include "engine/checkpoint.h"
#include "engine/data_set.h"
#include "engine/snapshot.h"

#include <filesystem>
#include <memory>

namespace embedscope {

struct Marks;  // engine/marks.h

/// Writes a run that was kept nowhere into a new folder, as far as memory holds it: settings, curves, marks, the points
/// as they are shown and the state that it goes on from. Of its epochs only the last is there, and only if the run
/// stands at its end. Blocks for the disk.
/// @param shown The newest snapshot. @param state The newest of Run::checkpoints(). @param marks Null: none.
/// @throws std::runtime_error naming the file that cannot be written; then the folder is not there.
void keepRun(const std::filesystem::path& folder, const DataSet& data, const Snapshot& shown,
             std::shared_ptr<const Checkpoint> state, const Marks* marks);

}  // namespace embedscope
