#include "tests/images/made_views.h"

#include "engine/images/augment.h"

#include <random>

namespace embedscope {

Bytes noiseImage(const ImageShape& shape, unsigned seed) {
    std::mt19937 noise(seed);
    Bytes image(shape.bytes());
    for (std::uint8_t& value : image) value = static_cast<std::uint8_t>(noise());
    return image;
}

Choice only(const ParameterValues& values) {
    Choice choice{"supervised", {{"shift", 0}, {"flip", 0}}};
    for (const auto& [id, value] : values) choice.parameters[id] = value;
    return choice;
}

Bytes viewOf(const Bytes& image, const ImageShape& shape, const Choice& choice, std::uint64_t seed) {
    Bytes view(image.size());
    Augmenter(choice, shape).view(image, seed, view);
    return view;
}

}  // namespace embedscope
