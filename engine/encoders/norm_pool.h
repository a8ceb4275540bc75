#pragma once

#include "engine/encoders/layers.h"

namespace embedscope {

/// ReLU of the maxima of 2x2 windows of BatchNorm(Convolution(images)), as one layer: what lies between a convolution
/// and the next is a matter of memory, and torch's three layers go over it eleven times, this one five times. float on
/// the processor; for all else torch's layers do the same. The gradient cannot be differentiated again.
/// @return [B, out, H / 2, W / 2], of the last line or column of an odd size only the statistics.
/// @throws StopRequested
torch::Tensor applyPooled(const Convolution& layer, const BatchNorm& norm, const torch::Tensor& images,
                          const Pass& pass);

}  // namespace embedscope
