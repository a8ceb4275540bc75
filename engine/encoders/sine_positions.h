#pragma once

#include <torch/types.h>

#include <cstdint>

namespace embedscope {

/// Where a patch lies, as numbers: half of them say the column, half the row, in sines and cosines of waves from 2 pi
/// to 10,000 times as long (Chen, Xie, He: An Empirical Study of Training Self-Supervised Vision Transformers, ICCV
/// 2021). @param width A multiple of 4. @return [rows * columns, width]
torch::Tensor sinePositions(std::int64_t rows, std::int64_t columns, std::int64_t width);

}  // namespace embedscope
