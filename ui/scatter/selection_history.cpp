#include "ui/scatter/selection_history.h"

#include <cassert>
#include <utility>

namespace embedscope {
namespace {

std::size_t sizeOf(const PickedSamples& step) {
    return step.selected.size() + step.hidden.size();
}

PickedSamples swapTop(std::vector<PickedSamples>& from, std::vector<PickedSamples>& to, PickedSamples now) {
    assert(!from.empty());
    PickedSamples result = std::move(from.back());
    from.pop_back();
    to.push_back(std::move(now));
    return result;
}

}  // namespace

void SelectionHistory::clear() {
    *this = {};
}

void SelectionHistory::record(PickedSamples before) {
    redo_.clear();
    undo_.push_back(std::move(before));
    std::size_t samples = 0, kept = 0;
    while (kept < undo_.size() && kept < kMostSteps) {
        samples += sizeOf(undo_[undo_.size() - 1 - kept]);
        if (samples > kMostSamples) break;
        ++kept;
    }
    undo_.erase(undo_.begin(), undo_.end() - static_cast<std::ptrdiff_t>(kept));
}

PickedSamples SelectionHistory::undo(PickedSamples now) {
    return swapTop(undo_, redo_, std::move(now));
}

PickedSamples SelectionHistory::redo(PickedSamples now) {
    return swapTop(redo_, undo_, std::move(now));
}

}  // namespace embedscope
