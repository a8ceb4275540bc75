#pragma once

#include <cstddef>
#include <cstdint>

namespace embedscope {

/// What one epoch of UMAP needs; the loop that takes the time.
struct UmapEpoch {
    const std::uint32_t* begins;
    const std::int32_t* columns;
    const float* shares;  ///< Of the epochs in which an edge pulls, 0..1.
    std::size_t count;
    int dims;
    float a, b;
    float rate;
    int negatives;  ///< Points that push for an edge that pulls.
    int epoch;      ///< From 1.
    std::uint64_t seed;
};

/// New places of the rows [begin, end). A row reads the others as they were before the epoch, so the order of rows
/// and the number of threads change nothing.
void umapRows(const UmapEpoch& epoch, const float* const* from, float* const* to, std::size_t begin, std::size_t end);

}  // namespace embedscope
