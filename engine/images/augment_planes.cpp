#include "engine/images/augment_planes.h"

#include <cassert>

namespace embedscope {
namespace {

template <int channels>
void split(const std::uint8_t* bytes, std::size_t pixels, float* values) {
    for (int c = 0; c < channels; ++c)
        for (std::size_t i = 0; i < pixels; ++i) values[c * pixels + i] = static_cast<float>(bytes[i * channels + c]);
}

template <int channels>
void join(const float* values, std::size_t pixels, std::uint8_t* bytes) {
    for (std::size_t i = 0; i < pixels; ++i)
        for (int c = 0; c < channels; ++c)
            bytes[i * channels + c] = static_cast<std::uint8_t>(static_cast<int>(values[c * pixels + i] + 0.5F));
}

}  // namespace

void Planes::load(std::span<const std::uint8_t> image, const ImageShape& shape) {
    assert(image.size() == shape.bytes());
    shape_ = shape;
    pixels_ = static_cast<std::size_t>(shape.height) * static_cast<std::size_t>(shape.width);
    if (values_.size() < shape.bytes()) values_.resize(shape.bytes());
    colour() ? split<3>(image.data(), pixels_, values_.data()) : split<1>(image.data(), pixels_, values_.data());
}

void Planes::store(std::span<std::uint8_t> out) const {
    assert(out.size() == shape_.bytes());
    colour() ? join<3>(values_.data(), pixels_, out.data()) : join<1>(values_.data(), pixels_, out.data());
}

}  // namespace embedscope
