#pragma once

#include <algorithm>
#include <ctime>

namespace embedscope {

/// Processor time of this thread: what a frame costs the training that runs beside it, unlike time on the clock.
inline double threadMilliseconds() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return 1e3 * static_cast<double>(now.tv_sec) + 1e-6 * static_cast<double>(now.tv_nsec);
}

inline constexpr int kFullPace = 16;  ///< Milliseconds from frame to frame while the user moves things.

/// How long to wait for the next frame of a glide nobody asked for: painting may use about a thirtieth of a core, so
/// that a training run on two cores loses less than 2 %.
inline int glidePace(double paintMilliseconds) {
    return std::clamp(static_cast<int>(30 * paintMilliseconds), kFullPace, 70);
}

}  // namespace embedscope
