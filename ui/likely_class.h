#pragma once

#include "engine/data_set.h"
#include "engine/snapshot.h"

#include <optional>
#include <vector>

namespace embedscope {

/// The class that most of the nearest neighbours of some samples have, in the embedding space; labels of the samples
/// themselves do not count. None: no neighbour has a label, or two classes have as many. Of many samples some are
/// asked, so that it takes milliseconds.
std::optional<int> likelyClass(const BankFrame& bank, const DataSet& data, const std::vector<int>& samples);

}  // namespace embedscope
