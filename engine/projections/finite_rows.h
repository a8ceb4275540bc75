#pragma once

#include <bit>
#include <cstdint>
#include <span>

namespace embedscope {

/// No number is NaN or infinite. Without a way out in between, so that the compiler takes vectors: every bank is asked.
inline bool allFinite(std::span<const float> numbers) {
    constexpr std::uint32_t kExponent = 0x7f800000;
    std::uint32_t broken = 0;
    for (const float number : numbers) broken |= (std::bit_cast<std::uint32_t>(number) & kExponent) == kExponent;
    return broken == 0;
}

}  // namespace embedscope
