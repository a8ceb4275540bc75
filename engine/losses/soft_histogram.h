#pragma once

#include <torch/types.h>

namespace embedscope {

/// For each row, how much of its marked values falls into each bin: a value is shared linearly by the two nearest of
/// `bins` + 1 centres on [0, upTo]. With gradient to the values; values outside by more than a bin count nowhere.
/// @param values [B, C]. @param mask [B, C] bool. @return [B, bins + 1].
torch::Tensor softHistogram(const torch::Tensor& values, const torch::Tensor& mask, std::int64_t bins, double upTo);

}  // namespace embedscope
