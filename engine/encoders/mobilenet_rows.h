#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

namespace embedscope {

/// One inverted residual of MobileNetV3-small.
struct MobilenetRow {
    enum class Activation { Relu, HardSwish };
    int kernel, expanded, out;
    bool squeeze;
    Activation activation;
    int stride;
};

inline constexpr int kMobilenetStemChannels = 16;
inline constexpr std::array kMobilenetRows{
    MobilenetRow{3, 16, 16, true, MobilenetRow::Activation::Relu, 2},
    MobilenetRow{3, 72, 24, false, MobilenetRow::Activation::Relu, 2},
    MobilenetRow{3, 88, 24, false, MobilenetRow::Activation::Relu, 1},
    MobilenetRow{5, 96, 40, true, MobilenetRow::Activation::HardSwish, 2},
    MobilenetRow{5, 240, 40, true, MobilenetRow::Activation::HardSwish, 1},
    MobilenetRow{5, 240, 40, true, MobilenetRow::Activation::HardSwish, 1},
    MobilenetRow{5, 120, 48, true, MobilenetRow::Activation::HardSwish, 1},
    MobilenetRow{5, 144, 48, true, MobilenetRow::Activation::HardSwish, 1},
    MobilenetRow{5, 288, 96, true, MobilenetRow::Activation::HardSwish, 2},
    MobilenetRow{5, 576, 96, true, MobilenetRow::Activation::HardSwish, 1},
    MobilenetRow{5, 576, 96, true, MobilenetRow::Activation::HardSwish, 1},
};

/// Pictures up to 64 pixels lose the first two strides: at 32 pixels 4x4 places are left for the mean instead of one.
constexpr bool mobilenetKeepsSize(std::int64_t height, std::int64_t width) {
    return std::max(height, width) <= 64;
}

}  // namespace embedscope
