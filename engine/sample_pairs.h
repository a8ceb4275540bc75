#pragma once

#include "engine/data_set.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace embedscope {

/// Two images of which somebody knows whether they are similar.
struct SamplePair {
    std::int32_t first = 0, second = 0;  ///< Index into DataSet::samples.
    bool similar = true;                 ///< Y = 0; false is Y = 1, dissimilar.
};

struct SamplePairs {
    std::vector<SamplePair> pairs;  ///< Of training samples; each pair once.
    std::size_t unknown = 0;        ///< Lines left out: an image is not in the data set,
    std::size_t heldOut = 0;        ///< is held out,
    std::size_t repeated = 0;       ///< or the pair came before, or is an image with itself.
    std::string firstUnknown;       ///< For a message.

    /// Empty, or a sentence on what was left out.
    std::string remark() const;
};

/// Reads lines `first,second,y` with paths as the data set lists them, y 0 similar and 1 dissimilar; a heading line is
/// passed over. At most 5,000,000 pairs.
/// @throws std::runtime_error naming the file and the line, or the cure if no pair can be used.
SamplePairs readPairs(const std::filesystem::path& file, const DataSet& data);

}  // namespace embedscope
