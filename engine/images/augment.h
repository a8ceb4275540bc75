#pragma once

#include "engine/data_set.h"
#include "engine/images/augment_blur.h"
#include "engine/images/augment_colour.h"
#include "engine/images/augment_place.h"

#include <cstdint>
#include <span>

namespace embedscope {

/// Makes random views of images of one shape: shift, crop, flip, colour jitter, grey, blur, solarise, in this order.
class Augmenter {
public:
    /// @throws std::invalid_argument naming the known ids.
    Augmenter(const Choice& augmentation, const ImageShape& shape);

    /// Everything is drawn from `seed`: the same view on every machine and number of threads. Any thread.
    /// @param image, out [height, width, channels], not overlapping.
    void view(std::span<const std::uint8_t> image, std::uint64_t seed, std::span<std::uint8_t> out) const;

    /// Every view is the image itself.
    bool changesNothing() const { return !place_.any() && !colour_.any() && !blur_.any(); }

private:
    ImageShape shape_;
    PlaceSettings place_;
    ColourSettings colour_;
    BlurSettings blur_;
};

/// The seed of one of many views, so that no two of a run are alike.
/// @param stream of the run. @param position in the batch.
std::uint64_t viewSeed(std::uint64_t stream, std::uint64_t step, std::uint64_t position, std::uint64_t view);

}  // namespace embedscope
