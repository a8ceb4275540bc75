#pragma once

#include "engine/data_set.h"
#include "engine/images/augment.h"

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

/// Random views instead of the pictures: which ones, and which step of which stream of random numbers they are for.
struct Views {
    const Augmenter& augmenter;
    int count = 1;  ///< Of each sample.
    std::uint64_t stream = 0;
    std::uint64_t step = 0;
};

/// View v of sample i is in row v * B + i and depends on nothing but stream, step, i and v.
/// @return [views * B, C, H, W] as of imageBatch.
torch::Tensor viewBatch(const DataSet& data, const PixelScale& scale, std::span<const std::int32_t> samples,
                        const Views& views);

}  // namespace embedscope
