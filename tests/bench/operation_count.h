#pragma once

#include "engine/encoders/encoder.h"

namespace embedscope::bench {

/// Multiplications and additions of convolutions and linear layers for one image of the encoder, forward. What a
/// network does besides (normalisation, pooling) is left out, as is usual.
double forwardOperations(Encoder& encoder, const EncoderSetting& setting);

/// Of one training step and image: forward, and backward to inputs and to weights, of the same size each.
inline double trainingOperations(double forward) {
    return 3 * forward;
}

/// What the machine reaches in one large convolution (batch 64, 128 to 128 channels, 3x3, 32x32, channels_last),
/// forward, the best of several. @return Operations a second.
double convolutionPeak(at::ScalarType type);

}  // namespace embedscope::bench
