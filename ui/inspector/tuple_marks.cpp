#include "ui/inspector/tuple_marks.h"

#include <algorithm>
#include <vector>

namespace embedscope {
namespace {

bool holds(const std::vector<std::int32_t>& samples, std::int32_t sample) {
    return sample >= 0 && std::ranges::find(samples, sample) != samples.end();
}

bool joins(const Mark& mark, std::int32_t a, std::int32_t b) {
    const auto& others = mark.second.empty() ? mark.first : mark.second;
    return (holds(mark.first, a) && holds(others, b)) || (holds(mark.first, b) && holds(others, a));
}

}  // namespace

bool TupleMarks::of(MarkKind kind) const {
    switch (kind) {
        case MarkKind::Similar:
            return similar;
        case MarkKind::Dissimilar:
            return dissimilar;
        case MarkKind::Label:
            return label;
        case MarkKind::Ignored:
            return ignored;
    }
    return false;
}

TupleMarks marksOf(const Marks& marks, const MinedTuple& tuple) {
    TupleMarks found;
    const auto holdsOne = [&tuple](const Mark& mark) {
        return holds(mark.first, tuple.anchor) || holds(mark.first, tuple.positive) ||
               holds(mark.first, tuple.negative);
    };
    for (const Mark& mark : marks.list) {
        if (mark.kind == MarkKind::Similar) found.similar |= joins(mark, tuple.anchor, tuple.negative);
        if (mark.kind == MarkKind::Dissimilar) found.dissimilar |= joins(mark, tuple.anchor, tuple.positive);
        if (mark.kind == MarkKind::Label) found.label |= holdsOne(mark);
        if (mark.kind == MarkKind::Ignored) found.ignored |= holdsOne(mark);
    }
    return found;
}

std::optional<std::size_t> markOfPair(const Marks& marks, const Mark& pair) {
    const auto found = std::ranges::find_if(marks.list, [&pair](const Mark& mark) {
        return mark.kind == pair.kind && mark.pairs() == 1 && pair.pairs() == 1 &&
               joins(mark, pair.first.front(), pair.second.front());
    });
    if (found == marks.list.end()) return std::nullopt;
    return static_cast<std::size_t>(found - marks.list.begin());
}

}  // namespace embedscope
