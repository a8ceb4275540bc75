#pragma once

#include "engine/data_set.h"

#include <torch/types.h>

#include <cstdint>
#include <span>
#include <vector>

namespace embedscope {

/// Bytes to floats: (x / 255 - mean) / deviation of each channel over the training part.
struct PixelScale {
    std::vector<float> factor, offset;  ///< [channels] float = byte * factor + offset.
};

/// From every training image, or, of many or large ones, from enough that are spread evenly over them.
PixelScale pixelScale(const DataSet& data);

/// The samples' pictures, gathered straight into channels_last memory. @return [B, C, H, W] float on the CPU.
torch::Tensor imageBatch(const DataSet& data, const PixelScale& scale, std::span<const std::int32_t> samples);

}  // namespace embedscope
