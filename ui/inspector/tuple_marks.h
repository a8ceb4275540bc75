#pragma once

#include "engine/marks.h"
#include "engine/mined_tuples.h"

#include <cstddef>
#include <optional>

namespace embedscope {

/// What is marked by hand of the images of a tuple.
struct TupleMarks {
    bool similar = false;     ///< The anchor and its negative.
    bool dissimilar = false;  ///< The anchor and its positive.
    bool label = false;       ///< Of one of them.
    bool ignored = false;     ///< One of them.

    bool any() const { return similar || dissimilar || label || ignored; }
    bool of(MarkKind kind) const;
};

TupleMarks marksOf(const Marks& marks, const MinedTuple& tuple);

/// Where a mark of these two images alone stands in the list.
std::optional<std::size_t> markOfPair(const Marks& marks, const Mark& pair);

}  // namespace embedscope
