#pragma once

#include "engine/data_set.h"
#include "engine/encoder_weights.h"
#include "engine/experiment.h"

#include <filesystem>
#include <vector>

namespace embedscope {

/// The encoder of a run as it is evaluated, at its newest checkpoint.
struct KeptEncoder {
    Experiment settings;
    ImageShape shape;
    std::vector<float> pixelFactor, pixelOffset;  ///< [channels] input = byte * factor + offset.
    EncoderWeights weights;
};

/// @throws std::runtime_error with one sentence if the folder holds no checkpoint that can be read.
KeptEncoder keptEncoder(const std::filesystem::path& runFolder);

}  // namespace embedscope
