#pragma once

#include "engine/images/augment_planes.h"

#include <cstdint>

namespace embedscope {

struct BlurSettings {
    double blur = 0;  ///< Probability.
    double smallestSigma = 0.1, largestSigma = 2;
    bool any() const { return blur > 0; }
};

/// The sigma of a view; 0: not blurred.
double drawBlur(const BlurSettings& settings, std::uint64_t seed);

/// Pixels to either side that the blur reaches: a kernel of a tenth of the height, as SimCLR has it.
int blurReach(const ImageShape& shape);

/// Gaussian, cut off at blurReach; the image is mirrored at its edges.
void blur(Planes& planes, double sigma);

}  // namespace embedscope
