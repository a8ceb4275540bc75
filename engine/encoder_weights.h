#pragma once

#include "engine/experiment.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace embedscope {

struct NamedValues {
    std::string name;                 ///< e.g. "layer1.0.conv1.weight".
    std::vector<std::int64_t> shape;  ///< Empty for a single number.
    std::vector<float> values;        ///< Row-major.
};

/// Everything that an encoder has learned: its weights and the running statistics of its normalisations.
struct EncoderWeights {
    Choice encoder;  ///< Whose they are; for the reader of the file, not checked.
    std::vector<NamedValues> tensors;
};

/// Writes a safetensors file, in full or not at all.
/// @throws std::runtime_error naming the file if it cannot be written.
void writeWeights(const std::filesystem::path& file, const EncoderWeights& weights);

/// Reads a safetensors file of float32. It may come from anywhere: nothing is allocated before its header agrees with
/// its size. @throws std::runtime_error naming the file and what is wrong with it.
EncoderWeights readWeights(const std::filesystem::path& file);

}  // namespace embedscope
