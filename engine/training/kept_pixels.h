#pragma once

#include "engine/run_state.h"
#include "engine/training/image_batch.h"

namespace embedscope {

/// What turns a picture into the encoder's input: with it a checkpoint embeds pictures of any folder.
struct KeptPixels {
    ImageShape shape;
    PixelScale scale;
};

void save(const StateWriter& state, const KeptPixels& pixels);
/// @throws std::runtime_error with one sentence if there are none or they cannot be.
KeptPixels loadPixels(const StateReader& state);

}  // namespace embedscope
