#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <vector>

namespace embedscope {

/// A pair or a triplet that a miner chose. Samples are indices into the data set.
struct MinedTuple {
    static constexpr float kNone = std::numeric_limits<float>::quiet_NaN();
    std::int32_t anchor = -1;
    std::int32_t positive = -1, negative = -1;     ///< -1: a pair has but one of them, or it comes from a memory.
    float toPositive = kNone, toNegative = kNone;  ///< Euclidean, of the rows as the step computed them.
    float loss = kNone;           ///< Of the tuple by itself; kNone where the loss looks at whole batches.
    float gradientShare = kNone;  ///< Length of its gradient by the sum of those listed, 0..1.
};

/// By sample: in how many batches it stood in a tuple, and in how many it was at all.
struct MinedCounts {
    std::vector<std::uint32_t> mined, drawn;
};

/// What a miner chose in one batch, and how often each sample was chosen so far while somebody looked.
struct MinedTuples {
    static constexpr std::size_t kMost = 60;
    std::int64_t step = 0;
    std::vector<MinedTuple> tuples;  ///< At most kMost, at random.
    std::size_t chosen = 0;          ///< Pairs, or triplets, that the miner chose in this batch.
    std::string remark;              ///< Why there are none, or what is not known of them; else empty.
    std::vector<MinedTuple> judged;  ///< Those that WatchMining named, by the newest embeddings that are known.
    MinedCounts counts;              ///< Of the batches that were looked at.
};

}  // namespace embedscope
