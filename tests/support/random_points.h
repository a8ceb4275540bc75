#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>
#include <vector>

namespace embedscope {

/// Seeded numbers that are the same on every platform.
class RandomPoints {
public:
    explicit RandomPoints(std::uint64_t seed) : state_(seed * 2 + 1) {}

    double uniform() {
        state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
        return static_cast<double>(state_ >> 11) * 0x1p-53;
    }
    double normal() { return std::sqrt(-2 * std::log(1 - uniform())) * std::cos(2 * std::numbers::pi * uniform()); }
    std::size_t below(std::size_t bound) { return static_cast<std::size_t>(uniform() * static_cast<double>(bound)); }

    /// [count, dimension] row-major, standard normal.
    std::vector<float> rows(std::size_t count, int dimension) {
        std::vector<float> values(count * static_cast<std::size_t>(dimension));
        for (float& value : values) value = static_cast<float>(normal());
        return values;
    }

private:
    std::uint64_t state_;
};

}  // namespace embedscope
