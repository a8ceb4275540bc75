#pragma once

#include "engine/data_set.h"
#include "engine/experiment.h"
#include "engine/mined_tuples.h"
#include "engine/snapshot.h"

#include <string>
#include <vector>

namespace embedscope {

/// Writes what the loss of a run says of each triplet by itself: loss, share of the gradient, and the distances in the
/// same rows. The run need not be going on.
/// @param data As training sees it. @param tuples Of images that the bank holds.
/// @return Empty, or a sentence why no triplet has such a loss; then they stay as they are.
std::string judgeTuples(const Experiment& settings, const BankFrame& bank, const DataSet& data,
                        std::vector<MinedTuple>& tuples);

}  // namespace embedscope
