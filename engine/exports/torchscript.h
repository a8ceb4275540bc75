#pragma once

#include "engine/exports/kept_encoder.h"

#include <string>

namespace embedscope {

/// The encoder as the bytes of a TorchScript file. forward(images) takes what this program's encoders take: pixels
/// with mean 0 and deviation 1; embed(pixels) takes RGB or grey bytes from 0 to 255, [N, C, H, W]. It can be trained
/// further. @throws std::runtime_error with one sentence if it cannot be written as a network.
std::string torchScriptOf(const KeptEncoder& encoder);

}  // namespace embedscope
