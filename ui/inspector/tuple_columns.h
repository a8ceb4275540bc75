#pragma once

#include "engine/mined_tuples.h"

#include <cstdint>
#include <vector>

namespace embedscope {

/// What a row of the pair lab tells of a tuple, from left to right.
enum class TupleColumn {
    Anchor,    ///< With how often it was mined.
    Positive,  ///< With its distance to the anchor,
    Negative,  ///< as this one.
    Truth,
    Violation,
    Loss,
    GradientShare,
};
inline constexpr int kTupleColumns = static_cast<int>(TupleColumn::GradientShare) + 1;

/// The image of one of the first three columns; -1: none.
std::int32_t sampleIn(const MinedTuple& tuple, TupleColumn column);

/// The number of a column; kNone where it has none or it is not known. @param mined How often; null: not known.
float valueOf(const MinedTuple& tuple, TupleColumn column, const MinedTuples* mined);

/// By the value of a column; what is not known comes last either way.
void sortTuples(std::vector<MinedTuple>& tuples, TupleColumn column, bool rising, const MinedTuples* mined);

/// Whether both are of the same images.
bool isSame(const MinedTuple& a, const MinedTuple& b);

}  // namespace embedscope
