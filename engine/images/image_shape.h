#pragma once

#include "engine/images/load_progress.h"
#include "engine/images/source_list.h"

#include <vector>

namespace embedscope {

/// What the images of a list are like by themselves.
struct OwnLook {
    int side = 0;       ///< Of the square that suits them, see automaticSide().
    bool grey = false;  ///< All that were looked at are.
};

/// From up to 200 images spread over the list, which become the first previews.
/// @throws std::runtime_error if none of them can be read; Cancelled.
OwnLook lookAt(const SourceList& list, LoadProgress& progress, std::stop_token stop);

/// The shape all images of a list are brought to: as the settings say, and where they leave it open, as the images are.
ImageShape shapeFor(const OwnLook& own, const DataSettings& settings);

/// The side of the square that images are brought to: their own shorter side if they agree on one from 8 to 64 pixels,
/// else 32 for small images and 64 for the others, by the median: larger ones train too slowly without a GPU to be a
/// good first choice.
int automaticSide(std::vector<int> shorterSides);

}  // namespace embedscope
