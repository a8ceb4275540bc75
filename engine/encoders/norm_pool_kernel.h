#pragma once

#include <cstdint>

namespace embedscope {

// Arithmetic of norm_pool.h on the numbers of a tensor in channels_last order: pixels one after the other, each with
// all its channels. No function here takes a thread of its own or knows of others.

/// Pixels whose mean and deviations are one partial result: few enough to stay in the cache, and always the same, so
/// that the sums do not depend on the number of threads.
inline constexpr std::int64_t kPixelsOfSum = 256;

/// Means over some pixels and sums of squared deviations from them.
/// @param pixels [count, channels] @param mean, deviations [channels], overwritten.
void sumPixels(const float* pixels, std::int64_t count, std::int64_t channels, float* mean, float* deviations);

/// A number of the picture is worth factor * number + offset. [channels] each.
struct Affine {
    const float* factor;
    const float* offset;
};

/// One line of 2x2 windows, of `windows` windows, from two lines of a picture.
struct WindowLine {
    const float* upper;  ///< [2 * windows, channels] and maybe a last pixel, which no window has.
    const float* lower;  ///< The same, one line below.
    std::int64_t windows;
    std::int64_t channels;
};

/// In a window's `chosen`: which of its four pixels had the maximum, or that ReLU has closed.
inline constexpr std::uint8_t kClosed = 4;

/// out = ReLU of the largest of each window. @param out [windows, channels]
void poolLine(const WindowLine& line, const Affine& affine, float* out);

/// Also keeps what the gradient needs. @param chosen [windows, channels], see kClosed. @param value The picture's
/// number there, [windows, channels].
void poolLine(const WindowLine& line, const Affine& affine, float* out, std::uint8_t* chosen, float* value);

/// Gradients of the maxima, before normalisation. All [count, channels], as poolLine() left them.
struct PooledGradients {
    const float* gradient;
    const std::uint8_t* chosen;
    const float* value;
};

/// Sums of the open windows' gradients, and of gradient * (value - mean).
/// @param mean, sums, products [channels]; the latter two overwritten.
void sumGradients(const PooledGradients& pooled, std::int64_t count, std::int64_t channels, const float* mean,
                  float* sums, float* products);

/// What reaches a number of the picture: ofGradient * its window's gradient, if it was chosen, + ofNumber * number +
/// constant. [channels] each.
struct Spread {
    const float* ofGradient;
    const float* ofNumber;
    const float* constant;
};

/// @param line Of the picture. @param upper, lower Its gradient, 2 * windows pixels each.
void spreadLine(const WindowLine& line, const PooledGradients& pooled, const Spread& spread, float* upper,
                float* lower);

/// For the pixels that no window has. @param gradient [count, channels]
void spreadPixels(const float* pixels, std::int64_t count, std::int64_t channels, const Spread& spread,
                  float* gradient);

}  // namespace embedscope
