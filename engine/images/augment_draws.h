#pragma once

#include <cmath>
#include <cstdint>

namespace embedscope {

/// SplitMix64's mixing: neighbouring numbers become unrelated ones.
constexpr std::uint64_t mixed(std::uint64_t z) {
    z += 0x9E3779B97F4A7C15ULL;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
}

/// What a view draws; each from numbers of its own, so that another strength of the jitter leaves the crop as it was.
enum class ViewPart : std::uint64_t { Shift = 1, Crop, Flip, Jitter, Grey, Blur, Solarise };

/// The random numbers of one part of one view.
class ViewDraws {
public:
    ViewDraws(std::uint64_t seed, ViewPart part) : state_(mixed(seed) ^ mixed(static_cast<std::uint64_t>(part))) {}

    /// Uniform on [0, 1).
    double unit() {
        state_ = mixed(state_);
        return static_cast<double>(state_ >> 11) * 0x1p-53;
    }
    double between(double low, double high) { return low + (high - low) * unit(); }
    bool happens(double probability) { return unit() < probability; }
    /// Uniform on 0..count-1; the bias of a small count is below 2^-40.
    int below(int count) { return static_cast<int>(unit() * count); }

private:
    std::uint64_t state_;
};

/// e^x. The C library's differs in the last bit between machines; views must not.
inline double portableExp(double x) {
    if (x < -700) return 0;
    constexpr double kLn2 = 0.6931471805599453;
    const double halvings = std::floor(x / kLn2 + 0.5);
    const double rest = x - halvings * kLn2;
    double sum = 1;
    for (int term = 14; term > 0; --term) sum = 1 + sum * rest / term;
    return std::ldexp(sum, static_cast<int>(halvings));
}

/// The natural logarithm for 0 < x < 20, by Newton's method on portableExp.
inline double portableLog(double x) {
    double y = 0;
    for (int i = 0; i < 40; ++i) y += 2 * (x - portableExp(y)) / (x + portableExp(y));
    return y;
}

}  // namespace embedscope
