#pragma once

#include "engine/exports/network.h"
#include "engine/exports/onnx_graph.h"

#include <cstdint>
#include <string>

namespace embedscope {

// The layers of a transformer in operators that OpenCV 4.6 reads. Tokens are [N, T, D].

/// @param colours The pictures. @param channels Of these.
void addPatches(OnnxGraph& graph, const NetworkLayer& layer, const std::string& colours, std::int64_t channels,
                const std::string& output);
void addAttention(OnnxGraph& graph, const NetworkLayer& layer, const std::string& output);
/// InstanceNormalization with the tokens as its channels. Scale and shift must be in the layer behind it.
void addLayerNorm(OnnxGraph& graph, const NetworkLayer& layer, const std::string& output);
void addTokenMean(OnnxGraph& graph, const NetworkLayer& layer, const std::string& output);
void addFirstToken(OnnxGraph& graph, const NetworkLayer& layer, const std::string& output);
/// x (1 + erf(x / sqrt(2))) / 2
void addGelu(OnnxGraph& graph, const std::string& input, const std::string& output);

}  // namespace embedscope
