#include "engine/encoders/norm_pool_kernel.h"

#include "engine/processor_clones.h"

#include <array>
#include <cstring>

namespace embedscope {
namespace {

constexpr std::int64_t kLanes = kVectorBytes / sizeof(float);
using Whole __attribute__((vector_size(kVectorBytes))) = std::int32_t;
using Bytes __attribute__((vector_size(kLanes))) = std::uint8_t;

/// Eight channels at once, and one for those that are left: the same functions with vectors and with plain numbers.
/// Vectors go in and out by reference, as a processor without such registers would pass them otherwise.
struct Wide {
    using Real __attribute__((vector_size(kVectorBytes), aligned(alignof(float)), may_alias)) = float;
    using Choice = Whole;
    static constexpr std::int64_t kWidth = kLanes;
    static const Real& at(const float* place) { return *reinterpret_cast<const Real*>(place); }
    static Real& at(float* place) { return *reinterpret_cast<Real*>(place); }
    static void load(const std::uint8_t* from, Choice& choice) {
        Bytes values;
        std::memcpy(&values, from, sizeof values);
        choice = __builtin_convertvector(values, Choice);
    }
    static void store(std::uint8_t* to, const Choice& choice) {
        const Bytes values = __builtin_convertvector(choice, Bytes);
        std::memcpy(to, &values, sizeof values);
    }
};

struct Narrow {
    using Real = float;
    using Choice = std::int32_t;
    static constexpr std::int64_t kWidth = 1;
    static const Real& at(const float* place) { return *place; }
    static Real& at(float* place) { return *place; }
    static void load(const std::uint8_t* from, Choice& choice) { choice = *from; }
    static void store(std::uint8_t* to, const Choice& choice) { *to = static_cast<std::uint8_t>(choice); }
};

/// body(lanes, first channel) for all channels.
template <typename Body>
[[gnu::always_inline]] inline void forChannels(std::int64_t channels, const Body& body) {
    std::int64_t c = 0;
    for (; c + Wide::kWidth <= channels; c += Wide::kWidth) body(Wide{}, c);
    for (; c < channels; ++c) body(Narrow{}, c);
}

/// The four pixels of a window. @param left Place of its upper left one in a line.
template <typename Number>
std::array<Number*, 4> windowAt(Number* upper, Number* lower, std::int64_t left, std::int64_t channels) {
    return {upper + left, upper + left + channels, lower + left, lower + left + channels};
}

/// body(lanes, first channel, its place in a line of windows, and in the upper left pixel) for all windows.
template <typename Body>
[[gnu::always_inline]] inline void forWindows(const WindowLine& line, const Body& body) {
    for (std::int64_t window = 0; window < line.windows; ++window) {
        const std::int64_t place = window * line.channels;
        forChannels(
            line.channels, [&](auto lanes, std::int64_t c)
                               __attribute__((always_inline)) { body(lanes, c, place + c, 2 * place + c); });
    }
}

template <bool kKeeps>
[[gnu::always_inline]] inline void pool(const WindowLine& line, const Affine& affine, float* out, std::uint8_t* chosen,
                                        float* value) {
    forWindows(
        line, [&](auto lanes, std::int64_t c, std::int64_t place, std::int64_t left) __attribute__((always_inline)) {
            using Lanes = decltype(lanes);
            using Choice = typename Lanes::Choice;
            const auto factor = Lanes::at(affine.factor + c), offset = Lanes::at(affine.offset + c);
            const auto at = windowAt(line.upper, line.lower, left, line.channels);
            auto number = Lanes::at(at[0]);
            auto most = factor * number + offset;
            Choice which{};
            for (int k = 1; k < 4; ++k) {
                const auto next = Lanes::at(at[k]);
                const auto worth = factor * next + offset;
                const auto larger = worth > most;
                most = larger ? worth : most;
                if constexpr (kKeeps) {
                    number = larger ? next : number;
                    which = larger ? Choice{} + k : which;
                }
            }
            // NaN stays NaN: in training one of them makes the statistics of its channel, and so all of it, NaN.
            const auto closed = most <= 0;
            Lanes::at(out + place) = closed ? typename Lanes::Real{} : most;
            if constexpr (kKeeps) {
                Lanes::store(chosen + place, closed ? Choice{} + kClosed : which);
                Lanes::at(value + place) = number;
            }
        });
}

}  // namespace

EMBEDSCOPE_CLONES void sumPixels(const float* pixels, std::int64_t count, std::int64_t channels, float* mean,
                                 float* deviations) {
    forChannels(
        channels, [&](auto lanes, std::int64_t c) __attribute__((always_inline)) {
            using Lanes = decltype(lanes);
            typename Lanes::Real sum{}, squares{};
            for (std::int64_t i = 0; i < count; ++i) sum += Lanes::at(pixels + i * channels + c);
            const auto middle = sum / static_cast<float>(count);
            for (std::int64_t i = 0; i < count; ++i) {
                const auto apart = Lanes::at(pixels + i * channels + c) - middle;
                squares += apart * apart;
            }
            Lanes::at(mean + c) = middle;
            Lanes::at(deviations + c) = squares;
        });
}

EMBEDSCOPE_CLONES void poolLine(const WindowLine& line, const Affine& affine, float* out) {
    pool<false>(line, affine, out, nullptr, nullptr);
}

EMBEDSCOPE_CLONES void poolLine(const WindowLine& line, const Affine& affine, float* out, std::uint8_t* chosen,
                                float* value) {
    pool<true>(line, affine, out, chosen, value);
}

EMBEDSCOPE_CLONES void sumGradients(const PooledGradients& pooled, std::int64_t count, std::int64_t channels,
                                    const float* mean, float* sums, float* products) {
    forChannels(
        channels, [&](auto lanes, std::int64_t c) __attribute__((always_inline)) {
            using Lanes = decltype(lanes);
            const auto middle = Lanes::at(mean + c);
            typename Lanes::Real sum{}, product{};
            for (std::int64_t i = 0; i < count; ++i) {
                const std::int64_t at = i * channels + c;
                typename Lanes::Choice which;
                Lanes::load(pooled.chosen + at, which);
                const typename Lanes::Real gradient =
                    which == int{kClosed} ? typename Lanes::Real{} : Lanes::at(pooled.gradient + at);
                sum += gradient;
                product += gradient * (Lanes::at(pooled.value + at) - middle);
            }
            Lanes::at(sums + c) = sum;
            Lanes::at(products + c) = product;
        });
}

EMBEDSCOPE_CLONES void spreadLine(const WindowLine& line, const PooledGradients& pooled, const Spread& spread,
                                  float* upper, float* lower) {
    forWindows(
        line, [&](auto lanes, std::int64_t c, std::int64_t place, std::int64_t left) __attribute__((always_inline)) {
            using Lanes = decltype(lanes);
            const auto ofNumber = Lanes::at(spread.ofNumber + c), constant = Lanes::at(spread.constant + c);
            const auto gradient = Lanes::at(spread.ofGradient + c) * Lanes::at(pooled.gradient + place);
            typename Lanes::Choice which;
            Lanes::load(pooled.chosen + place, which);
            const auto from = windowAt(line.upper, line.lower, left, line.channels);
            const auto to = windowAt(upper, lower, left, line.channels);
            for (int k = 0; k < 4; ++k) {
                const auto rest = ofNumber * Lanes::at(from[k]) + constant;
                Lanes::at(to[k]) = which == k ? rest + gradient : rest;
            }
        });
}

EMBEDSCOPE_CLONES void spreadPixels(const float* pixels, std::int64_t count, std::int64_t channels,
                                    const Spread& spread, float* gradient) {
    for (std::int64_t i = 0; i < count; ++i)
        forChannels(
            channels, [&](auto lanes, std::int64_t c) __attribute__((always_inline)) {
                using Lanes = decltype(lanes);
                const std::int64_t at = i * channels + c;
                Lanes::at(gradient + at) =
                    Lanes::at(spread.ofNumber + c) * Lanes::at(pixels + at) + Lanes::at(spread.constant + c);
            });
}

}  // namespace embedscope
