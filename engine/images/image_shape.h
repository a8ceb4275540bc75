#pragma once

#include "engine/images/load_progress.h"
#include "engine/images/source_list.h"

namespace embedscope {

/// The shape all images of a list are brought to. What the settings leave open is chosen from up to 200 images spread
/// over the list, see automaticSide(); grey if all of these are grey. The images looked at are the first previews.
/// @throws std::runtime_error if none of them can be read.
ImageShape chooseShape(const SourceList& list, const DataSettings& settings, LoadProgress& progress,
                       std::stop_token stop);

/// The side of the square that images are brought to: their own shorter side if they agree on one from 8 to 64 pixels,
/// else 32 for small images and 64 for the others, by the median: larger ones train too slowly without a GPU to be a
/// good first choice.
int automaticSide(std::vector<int> shorterSides);

}  // namespace embedscope
