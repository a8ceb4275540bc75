#pragma once

#include "engine/data_set.h"
#include "engine/encoder_weights.h"
#include "engine/encoders/encoder.h"

#include <memory>

namespace embedscope {

/// The encoder of an experiment with the weights that its seed draws or that it names.
/// @throws std::exception with one sentence if it cannot be made or the saved weights are another encoder's.
std::unique_ptr<Encoder> startEncoder(const Experiment& experiment, const ImageShape& shape, torch::Device device);

/// Whether the running statistics are those of training: of saved weights, or of the user's own file.
bool startsTrained(const Experiment& experiment);

/// A copy of all that the encoder has learned.
EncoderWeights weightsOf(const Encoder& encoder, const Choice& choice);

}  // namespace embedscope
