#pragma once

#include <cstdint>

namespace embedscope {

/// Uniform integers that are the same on every platform; the distributions of <random> are not.
/// SplitMix64 (Steele, Lea, Flood 2014); rejection keeps it unbiased.
class RandomIndex {
public:
    explicit RandomIndex(std::uint64_t seed) : state_(seed) {}

    /// Uniform in [0, bound), bound > 0.
    std::uint64_t below(std::uint64_t bound) {
        const std::uint64_t rejected = (0 - bound) % bound;  // 2^64 mod bound
        std::uint64_t bits = next();
        while (bits < rejected) bits = next();
        return bits % bound;
    }

    /// Uniform in [0, 1), 53 bits.
    double unit() { return static_cast<double>(next() >> 11) * 0x1p-53; }

private:
    std::uint64_t next() {
        std::uint64_t z = (state_ += 0x9e3779b97f4a7c15);
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }

    std::uint64_t state_;
};

}  // namespace embedscope
