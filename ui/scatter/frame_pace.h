#pragma once

#include <algorithm>

namespace embedscope {

inline constexpr int kFullPace = 16;  ///< Milliseconds from frame to frame while the user moves things.

/// How long to wait for the next frame of a glide nobody asked for: painting may use about a thirtieth of a core, so
/// that a training run on two cores loses less than 2 %.
inline int glidePace(double paintMilliseconds) {
    return std::clamp(static_cast<int>(30 * paintMilliseconds), kFullPace, 70);
}

}  // namespace embedscope
