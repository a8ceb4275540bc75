#pragma once

#include "engine/exports/kept_encoder.h"

#include <cstdint>
#include <string>
#include <vector>

namespace embedscope {

/// A layer of an encoder for other programs. Its input is the layer before it, but for what `from` and `other` say.
struct NetworkLayer {
    enum class Kind {
        Convolution,  ///< And BatchNorm behind it: weight, scale, shift, mean, variance.
        MaxPool,
        Relu,
        HardSwish,
        HardSigmoid,
        Gelu,
        Add,            ///< Of the layers `from` and `other`.
        ScaleChannels,  ///< The picture `from`, each channel times its number in the rows of `other`.
        Mean,           ///< Over height and width.
        Linear,         ///< Of the last axis: weight [out, in], shift.
        Patches,        ///< Pictures to tokens [N, T, D]: weight [D, C * window * window], shift, places, token.
        LayerNorm,      ///< Of the last axis: scale, shift.
        Attention,      ///< Of tokens that hold query, key and value of all heads one after the other.
        TokenMean,      ///< Of the tokens, and
        FirstToken,     ///< the first of them: [N, T, D] to [N, D].
        UnitLength,     ///< Rows of Euclidean length 1.
    };
    Kind kind = Kind::Relu;
    int from = -1;   ///< Index of the layer that is its input; -1: the images.
    int other = -1;  ///< Of Add and ScaleChannels.
    int window = 1, stride = 1, padding = 0, groups = 1;
    const NamedValues *weight = nullptr, *scale = nullptr, *shift = nullptr, *mean = nullptr, *variance = nullptr;
    std::int64_t height = 0, width = 0;         ///< Of the picture that comes out, or of the patches.
    std::int64_t fillRight = 0, fillBelow = 0;  ///< Patches: grey pixels that are missing to whole ones.
    std::int64_t tokens = 0, channels = 0;      ///< Of what comes out, where it is tokens.
    std::vector<float> places = {};             ///< [height * width, channels] where each patch lies; added to it.
    const NamedValues* token = nullptr;         ///< One that is put before the patches; null: none.
};

/// In evaluation mode, for pictures of the size that was trained on. @param encoder Outlives what is returned.
/// @throws std::runtime_error naming the encoder if it cannot be written so, or what the weights lack.
std::vector<NetworkLayer> networkOf(const KeptEncoder& encoder);

}  // namespace embedscope
