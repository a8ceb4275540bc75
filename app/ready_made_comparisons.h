#pragma once

#include "engine/comparison.h"

#include <iosfwd>
#include <string>

namespace embedscope {

/// One of the program's resources by its id, e.g. "margins"; its images are those of the bundled sample.
/// @throws std::invalid_argument naming the known ids.
Comparison readyMadeComparison(const std::string& id);

/// Ids, names, what there is to see and the names of the runs: as text, or as one line of JSON.
void printReadyMadeComparisons(bool json, std::ostream& out);

}  // namespace embedscope
