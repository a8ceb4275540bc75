#pragma once

#include <QElapsedTimer>
#include <QTimer>

#include <functional>

namespace embedscope {

/// Draws at most so often: the first request at once, further ones together when their time has come. UI thread.
class FrameLimit {
public:
    FrameLimit(int framesPerSecond, std::function<void()> draw);
    /// Does not block longer than one draw.
    void request();

private:
    void drawNow();

    std::function<void()> draw_;
    QElapsedTimer sinceLast_;
    QTimer timer_;
};

inline constexpr int kChartFramesPerSecond = 15;

}  // namespace embedscope
