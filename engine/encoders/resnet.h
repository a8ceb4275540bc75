#pragma once

#include "engine/encoders/encoder_table.h"

#include <array>

namespace embedscope {

/// One of the family of residual networks.
struct ResnetShape {
    enum class Stem {
        Cifar,     ///< A 3x3 convolution that keeps the resolution.
        Imagenet,  ///< A 7x7 convolution of stride 2 and a max-pool: a quarter of the width.
    };
    Stem stem = Stem::Cifar;
    std::array<int, 4> blocks{2, 2, 2, 2};  ///< In the stages of 64, 128, 256, 512 channels.
    bool bottleneck = false;                ///< Blocks of 1x1, 3x3, 1x1 and four times the channels, else 3x3, 3x3.
};

std::unique_ptr<Encoder> makeResnet(const ResnetShape& shape, const EncoderSetting& setting);

/// The row of a network of `depth` layers with what the stem decides: id, label and group.
CatalogEntry resnetEntry(ResnetShape::Stem stem, int depth, std::string help);

}  // namespace embedscope
