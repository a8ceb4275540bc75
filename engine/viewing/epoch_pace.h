#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>

namespace embedscope {

/// Kept epochs that are shown on the way to the newest.
inline constexpr std::size_t kMostOnTheWay = 40;

/// Between two of them: slow enough to see points glide, but all of them in two seconds.
inline std::chrono::milliseconds paceOnTheWay(std::size_t count) {
    constexpr std::size_t kAll = 2000, kSlowest = 150;
    return std::chrono::milliseconds(std::min(kSlowest, kAll / std::max<std::size_t>(1, count)));
}

}  // namespace embedscope
