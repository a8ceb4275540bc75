#pragma once

#include "engine/images/augment_blur.h"
#include "engine/images/augment_colour.h"
#include "engine/images/augment_place.h"

namespace embedscope {

struct ViewSettings {
    PlaceSettings place;
    ColourSettings colour;
    BlurSettings blur;
};

/// From a complete set of values of any row that has parameters.
ViewSettings viewSettings(const ParameterValues& values);

}  // namespace embedscope
