#pragma once

#include "engine/marks.h"
#include "engine/mined_tuples.h"
#include "engine/snapshot.h"

#include <cstddef>
#include <optional>
#include <stop_token>
#include <vector>

namespace embedscope {

/// What was searched for the hardest triplets.
struct HardTuples {
    std::vector<MinedTuple> tuples;  ///< The hardest first; without loss.
    std::size_t anchors = 0;         ///< Asked, evenly chosen of all.
    std::size_t rows = 0;            ///< Labelled training rows of the bank, each a possible partner.
};

/// For each anchor its farthest positive and its nearest negative, by exact search on one thread. The hardest are those
/// with the largest d(a,p) - d(a,n); of equal ones the lower anchor first. Pairs that `marks` call similar are no
/// negatives, dissimilar ones no positives.
/// @param data As training sees it with the marks. @return Nothing if stopped.
std::optional<HardTuples> hardestTuples(const BankFrame& bank, const DataSet& data, const Marks& marks,
                                        std::size_t mostAnchors, std::size_t mostTuples, std::stop_token stop = {});

}  // namespace embedscope
