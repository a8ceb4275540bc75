#pragma once

#include "engine/data_set.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace embedscope {

/// An image as one plane of floats a channel, 0..255, so that the compiler can work on many pixels at once.
class Planes {
public:
    void load(std::span<const std::uint8_t> image, const ImageShape& shape);
    /// Rounds.
    void store(std::span<std::uint8_t> out) const;

    const ImageShape& shape() const { return shape_; }
    std::size_t pixels() const { return pixels_; }
    bool colour() const { return shape_.channels == 3; }
    float* channel(int c) { return values_.data() + static_cast<std::size_t>(c) * pixels_; }
    const float* channel(int c) const { return values_.data() + static_cast<std::size_t>(c) * pixels_; }
    std::span<float> all() { return {values_.data(), pixels_ * static_cast<std::size_t>(shape_.channels)}; }

private:
    ImageShape shape_;
    std::size_t pixels_ = 0;
    std::vector<float> values_;  ///< Grows only.
};

}  // namespace embedscope
