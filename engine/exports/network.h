#pragma once

#include "engine/exports/kept_encoder.h"

#include <string>
#include <vector>

namespace embedscope {

/// A layer of an encoder for other programs. Its input is the layer before it, but for what `from` and `other` say.
struct NetworkLayer {
    enum class Kind {
        Convolution,  ///< And BatchNorm behind it: weight, scale, shift, mean, variance.
        MaxPool,
        Relu,
        Add,         ///< Of the layers `from` and `other`.
        Mean,        ///< Over height and width.
        Linear,      ///< weight [out, in], shift.
        UnitLength,  ///< Rows of Euclidean length 1.
    };
    Kind kind = Kind::Relu;
    int from = -1;   ///< Index of the layer that is its input; -1: the images.
    int other = -1;  ///< Of an Add.
    int window = 1, stride = 1, padding = 0;
    const NamedValues *weight = nullptr, *scale = nullptr, *shift = nullptr, *mean = nullptr, *variance = nullptr;
};

/// In evaluation mode. @param encoder Outlives what is returned.
/// @throws std::runtime_error naming the encoders that can be written, or what the weights lack.
std::vector<NetworkLayer> networkOf(const KeptEncoder& encoder);

}  // namespace embedscope
