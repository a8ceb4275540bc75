#include "engine/training/kept_pixels.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <stdexcept>
#include <vector>

namespace embedscope {
namespace {

constexpr std::int32_t kLargestSide = 1 << 12;

}  // namespace

void save(const StateWriter& state, const KeptPixels& pixels) {
    state.numbers("shape", std::vector<std::int32_t>{pixels.shape.height, pixels.shape.width, pixels.shape.channels});
    state.numbers("factor", pixels.scale.factor);
    state.numbers("offset", pixels.scale.offset);
}

KeptPixels loadPixels(const StateReader& state) {
    if (!state.has("shape"))
        throw std::runtime_error(
            "The checkpoint is of a version that did not keep how pixels are scaled; resume the run for one more epoch "
            "with this version.");
    const auto side = [](std::int32_t length) { return length >= 1 && length <= kLargestSide; };
    const std::vector<std::int32_t> shape = state.numbers<std::int32_t>("shape", 3);
    if (!side(shape[0]) || !side(shape[1]) || (shape[2] != 1 && shape[2] != 3))
        state.fail("shape", "is not one of pictures");
    const auto channels = static_cast<std::size_t>(shape[2]);
    KeptPixels pixels{{shape[0], shape[1], shape[2]}, {}};
    pixels.scale = {state.numbers<float>("factor", channels), state.numbers<float>("offset", channels)};
    const auto finite = [](float value) { return std::isfinite(value); };
    if (!std::ranges::all_of(pixels.scale.factor, finite) || !std::ranges::all_of(pixels.scale.offset, finite))
        state.fail("factor", "holds values that are no finite numbers");
    return pixels;
}

}  // namespace embedscope
