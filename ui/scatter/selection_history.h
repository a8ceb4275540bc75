#pragma once

#include <cstddef>
#include <vector>

namespace embedscope {

/// What the user picked out of the points and did to them: indices into DataSet::samples, each list rising.
struct PickedSamples {
    std::vector<int> selected;
    std::vector<int> hidden;
    std::size_t markStep = 0;  ///< Of the history of the marks by hand.
    bool operator==(const PickedSamples&) const = default;
};

/// The way back and forth through what was picked, in bounded memory: the oldest steps are forgotten first.
class SelectionHistory {
public:
    static constexpr std::size_t kMostSteps = 100;
    static constexpr std::size_t kMostSamples = 8'000'000;  ///< In all steps together.

    void clear();
    /// The user changed something. @param before What undo() returns to.
    void record(PickedSamples before);
    bool canUndo() const { return !undo_.empty(); }
    bool canRedo() const { return !redo_.empty(); }
    /// @param now What redo() returns to. Call only if canUndo().
    PickedSamples undo(PickedSamples now);
    /// As undo(), the other way.
    PickedSamples redo(PickedSamples now);

private:
    std::vector<PickedSamples> undo_, redo_;
};

}  // namespace embedscope
