#pragma once

#include "engine/marks.h"
#include "engine/mined_tuples.h"
#include "engine/snapshot.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <vector>

namespace embedscope {

/// What is searched for the hardest triplets.
struct HardSearch {
    std::optional<std::int32_t> anchorClass = std::nullopt;  ///< Of the anchors, so of the positives too; none: any.
    std::size_t mostDistances = 10'000'000;  ///< Computed, so that it takes about a second; see HardTuples::anchors.
    std::size_t mostTuples = MinedTuples::kMost;
};

/// What was found, and among how many.
struct HardTuples {
    std::vector<MinedTuple> tuples;  ///< The hardest first; without loss.
    std::size_t anchors = 0;         ///< Asked: all, or so many evenly chosen ones as distances allow; at least 100.
    std::size_t possible = 0;        ///< Rows that could be anchors: those of the class.
    std::size_t rows = 0;            ///< Labelled training rows of the bank, each a possible partner.
};

/// For each anchor its farthest positive and its nearest negative, by exact search on one thread. The hardest are those
/// with the largest d(a,p) - d(a,n); of equal ones the lower anchor first. Pairs that `marks` call similar are no
/// negatives, dissimilar ones no positives.
/// @param data As training sees it with the marks. @return Nothing if stopped.
std::optional<HardTuples> hardestTuples(const BankFrame& bank, const DataSet& data, const Marks& marks,
                                        const HardSearch& search, std::stop_token stop = {});

}  // namespace embedscope
