#pragma once

#include "engine/marks.h"
#include "engine/run_state.h"

#include <string>

namespace embedscope {

/// Marks as a part of a checkpoint.
void save(const StateWriter& state, const Marks& marks);
/// @throws std::runtime_error with one sentence if they are none of this data.
Marks loadedMarks(const StateReader& state, const DataSet& data);

/// What was taken back and what is new, for the run's log: with what was logged before it gives all marks.
std::string changeJson(const Marks& before, const Marks& after, const DataSet& data);

}  // namespace embedscope
