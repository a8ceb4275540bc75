#pragma once

#include "engine/projection.h"
#include "engine/snapshot.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

namespace embedscope {

/// What the time of runs side by side is counted in.
enum class TimeAxis { Step, Epoch, Seconds };

/// How a run looked at one moment.
struct RecordedFrame {
    std::int64_t step = 0;
    double epoch = 0, seconds = 0;
    std::shared_ptr<const Layout> layout;  ///< Without its bank and its quality: they are large.
    std::shared_ptr<const DistanceStatistics> distances;
    std::optional<MarginMark> margin;

    double at(TimeAxis axis) const;
};

/// The layouts of a run so far, in bounded memory: where there are too many frames, every second one goes.
class LayoutHistory {
public:
    static constexpr std::size_t kMostFrames = 200;
    static constexpr std::size_t kMostPoints = 10'000;  ///< Of a larger layout every k-th point is kept.

    /// @param layout One of the same step takes the place of the last, one of an earlier step that of all after it: the
    /// run has gone back.
    void add(const Layout& layout, const Snapshot& snapshot);
    void clear();
    /// Begins with the frames of another one up to that step.
    void continueFrom(const LayoutHistory& other, std::int64_t step);

    const std::vector<RecordedFrame>& frames() const { return frames_; }
    /// The last one at that moment or before it; the first where none is. Null if nothing was recorded.
    const RecordedFrame* at(TimeAxis axis, double moment) const;

private:
    std::shared_ptr<const Layout> slim(const Layout& layout);
    void thin();

    std::vector<RecordedFrame> frames_;
    std::int64_t stride_ = 1;                                         ///< Steps between frames that are kept for good.
    std::shared_ptr<const std::vector<std::int32_t>> source_, kept_;  ///< Samples of the layouts, and what is kept.
};

}  // namespace embedscope
