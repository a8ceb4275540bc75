#include "ui/inspector/tuple_columns.h"

#include <algorithm>
#include <cmath>

namespace embedscope {

std::int32_t sampleIn(const MinedTuple& tuple, TupleColumn column) {
    return column == TupleColumn::Anchor     ? tuple.anchor
           : column == TupleColumn::Positive ? tuple.positive
           : column == TupleColumn::Negative ? tuple.negative
                                             : -1;
}

float valueOf(const MinedTuple& tuple, TupleColumn column, const MinedTuples* mined) {
    switch (column) {
        case TupleColumn::Anchor: {
            const auto sample = static_cast<std::size_t>(tuple.anchor);
            return mined && tuple.anchor >= 0 && sample < mined->counts.mined.size()
                       ? static_cast<float>(mined->counts.mined[sample])
                       : MinedTuple::kNone;
        }
        case TupleColumn::Positive:
            return tuple.toPositive;
        case TupleColumn::Negative:
            return tuple.toNegative;
        case TupleColumn::Violation:
            return tuple.toPositive - tuple.toNegative;
        case TupleColumn::Loss:
            return tuple.loss;
        case TupleColumn::GradientShare:
            return tuple.gradientShare;
        case TupleColumn::Truth:
            return MinedTuple::kNone;
    }
    return MinedTuple::kNone;
}

void sortTuples(std::vector<MinedTuple>& tuples, TupleColumn column, bool rising, const MinedTuples* mined) {
    std::ranges::stable_sort(tuples, [=](const MinedTuple& a, const MinedTuple& b) {
        const float x = valueOf(a, column, mined), y = valueOf(b, column, mined);
        if (std::isnan(x) || std::isnan(y)) return std::isnan(y) && !std::isnan(x);
        return rising ? x < y : x > y;
    });
}

bool isSame(const MinedTuple& a, const MinedTuple& b) {
    return a.anchor == b.anchor && a.positive == b.positive && a.negative == b.negative;
}

}  // namespace embedscope
