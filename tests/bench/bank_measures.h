#pragma once

#include "engine/snapshot.h"

#include <memory>
#include <vector>

namespace embedscope::bench {

using Banks = std::vector<std::shared_ptr<const BankFrame>>;

/// Mean distance between the rows of two banks, the one turned onto the other (a turned embedding is the same one) and
/// relative to the radius.
double embeddingDisplacement(const BankFrame& before, const BankFrame& now);

/// Of the true neighbours of the last bank, the share that a live map's refreshes end with on the way through the banks
/// that it had. @param banks Two at least, of the same samples.
double recallAlong(const Banks& banks);

}  // namespace embedscope::bench
