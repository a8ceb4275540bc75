#pragma once

#include <torch/types.h>

namespace embedscope {

/// The scalar `value` whose gradient with respect to `input` was computed along with it.
/// @param gradient Same shape as `input`, on any device.
torch::Tensor precomputed(const torch::Tensor& input, double value, const torch::Tensor& gradient);

}  // namespace embedscope
