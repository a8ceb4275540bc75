#pragma once

#include "engine/images/source_list.h"

namespace embedscope {

/// The shape all images of a list are brought to. What the settings leave open is chosen from up to 200 images spread
/// over the list: grey if all of these are grey; the images' own shorter side if they agree on one up to 64 pixels,
/// else 64.
/// @throws std::runtime_error if none of them can be read.
ImageShape chooseShape(const SourceList& list, const DataSettings& settings, std::stop_token stop);

/// IDX pixels in the shape the settings ask for; returned as they are if it is theirs already.
std::shared_ptr<const DataSet> reshaped(std::shared_ptr<DataSet> data, const DataSettings& settings);

}  // namespace embedscope
