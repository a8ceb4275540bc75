// Random resized crop: Szegedy et al., Going Deeper with Convolutions, CVPR 2015, drawn as torchvision's
// RandomResizedCrop does; its ratio is taken relative to the image's, so that a crop of everything is not distorted.
// Shift of a padded image: He et al., Deep Residual Learning for Image Recognition, CVPR 2016, section 4.2.

#include "engine/images/augment_place.h"

#include "engine/images/augment_draws.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <utility>
#include <vector>

namespace embedscope {
namespace {

constexpr int kAttempts = 10;

/// Two neighbouring source pixels and their weights in 1/256; a weight of 0 is black from outside.
struct Taps {
    int first = 0, second = 0;
    std::uint16_t firstWeight = 0, secondWeight = 0;
};

/// One axis of a place.
struct Axis {
    int side = 0;  ///< Of the image, and of the view.
    int start = 0, length = 0;
    int shift = 0;
    bool flipped = false;
};

/// Bilinear with pixels as areas; the edge pixel of the crop goes on beyond its centre.
void fillTaps(const Axis& axis, std::vector<Taps>& taps) {
    taps.resize(static_cast<std::size_t>(axis.side));
    const auto inside = [&](int at) { return at >= 0 && at < axis.side; };
    for (int i = 0; i < axis.side; ++i) {
        const std::int64_t from = axis.flipped ? axis.side - 1 - i : i;
        const std::int64_t centre = ((2 * from + 1) * axis.length * 128 + axis.side / 2) / axis.side - 128;  // in 1/256
        const auto within = static_cast<int>(std::clamp<std::int64_t>(centre, 0, (axis.length - 1) * 256));
        const int first = axis.start + within / 256 - axis.shift;
        const int second = first + (within % 256 > 0 ? 1 : 0);
        Taps& pair = taps[static_cast<std::size_t>(i)];
        pair.firstWeight = static_cast<std::uint16_t>(inside(first) ? 256 - within % 256 : 0);
        pair.secondWeight = static_cast<std::uint16_t>(inside(second) ? within % 256 : 0);
        pair.first = inside(first) ? first : 0;
        pair.second = inside(second) ? second : 0;
    }
}

/// One source row, stretched across: values in 1/256.
template <int channels>
void stretchRow(const std::uint8_t* row, std::span<const Taps> across, std::uint16_t* out) {
    for (const Taps& taps : across) {
        const std::uint8_t* first = row + static_cast<std::ptrdiff_t>(taps.first) * channels;
        const std::uint8_t* second = row + static_cast<std::ptrdiff_t>(taps.second) * channels;
        for (int c = 0; c < channels; ++c)
            *out++ = static_cast<std::uint16_t>(first[c] * taps.firstWeight + second[c] * taps.secondWeight);
    }
}

void blendRows(const std::uint16_t* first, const std::uint16_t* second, const Taps& taps, std::size_t count,
               std::uint8_t* out) {
    const std::uint32_t a = taps.firstWeight, b = taps.secondWeight;
    for (std::size_t i = 0; i < count; ++i)
        out[i] = static_cast<std::uint8_t>((first[i] * a + second[i] * b + 32768) >> 16);
}

/// Kept by each thread from view to view.
struct Scratch {
    std::vector<Taps> across, down;
    std::array<std::vector<std::uint16_t>, 2> rows;  ///< Stretched source rows, an even and an odd one.
};

}  // namespace

Place drawPlace(const PlaceSettings& settings, const ImageShape& shape, std::uint64_t seed) {
    Place place{0, 0, 0, 0, shape.width, shape.height, ViewDraws(seed, ViewPart::Flip).happens(settings.flip)};
    if (settings.shift > 0) {
        ViewDraws draws(seed, ViewPart::Shift);
        const auto most = [&](int side) { return static_cast<int>(std::floor(settings.shift * side + 0.5)); };
        place.shiftX = draws.below(2 * most(shape.width) + 1) - most(shape.width);
        place.shiftY = draws.below(2 * most(shape.height) + 1) - most(shape.height);
    }
    if (settings.smallestArea >= 1) return place;
    ViewDraws draws(seed, ViewPart::Crop);
    const double logNarrowest = portableLog(settings.narrowest);
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
        const double area = draws.between(settings.smallestArea, 1);
        const double ratio = portableExp(draws.between(logNarrowest, -logNarrowest));
        const auto width = static_cast<int>(std::floor(std::sqrt(area * ratio) * shape.width + 0.5));
        const auto height = static_cast<int>(std::floor(std::sqrt(area / ratio) * shape.height + 0.5));
        if (width < 1 || height < 1 || width > shape.width || height > shape.height) continue;
        place.x = draws.below(shape.width - width + 1);
        place.y = draws.below(shape.height - height + 1);
        place.width = width;
        place.height = height;
        break;
    }
    return place;
}

void takePlace(std::span<const std::uint8_t> image, const ImageShape& shape, const Place& place,
               std::span<std::uint8_t> out) {
    assert(image.size() == shape.bytes() && out.size() == shape.bytes());
    thread_local Scratch scratch;
    fillTaps({shape.width, place.x, place.width, place.shiftX, place.flipped}, scratch.across);
    fillTaps({shape.height, place.y, place.height, place.shiftY, false}, scratch.down);
    const std::size_t rowBytes = static_cast<std::size_t>(shape.width) * shape.channels;
    for (auto& row : scratch.rows) row.resize(rowBytes);
    std::array<int, 2> held = {-1, -1};
    const auto stretched = [&](int source) {
        std::uint16_t* row = scratch.rows[source % 2].data();
        if (std::exchange(held[source % 2], source) == source) return static_cast<const std::uint16_t*>(row);
        const std::uint8_t* from = image.data() + source * rowBytes;
        shape.channels == 1 ? stretchRow<1>(from, scratch.across, row) : stretchRow<3>(from, scratch.across, row);
        return static_cast<const std::uint16_t*>(row);
    };
    std::uint8_t* to = out.data();
    for (const Taps& taps : scratch.down) {
        const std::uint16_t* first = stretched(taps.first);
        // Without a second row the first stands in for it, at weight 0.
        const std::uint16_t* second = taps.secondWeight > 0 ? stretched(taps.second) : first;
        blendRows(first, second, taps, rowBytes, to);
        to += rowBytes;
    }
}

}  // namespace embedscope
