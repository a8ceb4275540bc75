#pragma once

#include "app/headless_pictures.h"
#include "engine/experiment.h"
#include "engine/projection.h"
#include "engine/wake_up.h"
#include "ui/scatter/picture.h"

#include <chrono>
#include <filesystem>
#include <memory>

namespace embedscope {

/// Draws the live map of a run into numbered pictures, from the first bank to the last: what the window would have
/// shown, as the frames of a film. Lives on the thread that waits for the run.
class FrameRecording {
public:
    /// @param wakeUp Called when a frame may be due; then call take().
    /// @throws std::runtime_error if the folder cannot be made.
    FrameRecording(std::filesystem::path folder, const Choice& method, std::shared_ptr<const DataSet> data,
                   const PictureStyle& style, WakeUp wakeUp);

    /// Follows the run, and writes a frame if the map has moved and the last frame is a while ago.
    void take(const Snapshot& snapshot);
    /// After the run: lets the map come to rest, for some seconds at most. @return true if it has; else call it again
    /// when woken.
    bool finish(const Snapshot& last);
    int frames() const { return frames_; }

private:
    using Clock = std::chrono::steady_clock;
    void follow(const Snapshot& snapshot);
    void save(std::shared_ptr<const Layout> layout);

    std::filesystem::path folder_;
    std::shared_ptr<const DataSet> data_;
    PictureSequence pictures_;
    std::shared_ptr<const BankFrame> followed_;
    std::shared_ptr<const Layout> saved_;
    Clock::time_point savedAt_, endedAt_;
    bool ended_ = false;
    int frames_ = 0;
    ProjectionRun projection_;  // Last: ends before what its wake-up rings.
};

}  // namespace embedscope
