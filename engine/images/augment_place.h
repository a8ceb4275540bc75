#pragma once

#include "engine/data_set.h"

#include <cstdint>
#include <span>

namespace embedscope {

/// Which part of the image a view shows.
struct PlaceSettings {
    double shift = 0;         ///< Largest move along either side, as a share of it.
    double smallestArea = 1;  ///< Of a crop, as a share of the image; 1: no crop.
    double narrowest = 1;     ///< Smallest ratio of a crop's sides relative to the image's; the largest is 1 / this.
    double flip = 0;          ///< Probability.
    bool any() const { return shift > 0 || smallestArea < 1 || flip > 0; }
};

/// A place that was drawn. The crop lies in the shifted image.
struct Place {
    int shiftX = 0, shiftY = 0;
    int x = 0, y = 0, width = 0, height = 0;
    bool flipped = false;
};

Place drawPlace(const PlaceSettings& settings, const ImageShape& shape, std::uint64_t seed);

/// Shifts (what comes in from outside is black), cuts, stretches to the image's own shape and flips, in one pass.
void takePlace(std::span<const std::uint8_t> image, const ImageShape& shape, const Place& place,
               std::span<std::uint8_t> out);

}  // namespace embedscope
