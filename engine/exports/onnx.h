#pragma once

#include "engine/exports/kept_encoder.h"

#include <string>

namespace embedscope {

/// The encoder as the bytes of an ONNX file: "images" [N, C, H, W], RGB or grey from 0 to 255, to "embeddings" [N, D].
/// @throws std::runtime_error with one sentence if it cannot be written as a network.
std::string onnxOf(const KeptEncoder& encoder);

}  // namespace embedscope
