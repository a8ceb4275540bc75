#include "engine/encoders/sine_positions.h"

namespace embedscope {
namespace {

constexpr double kLongestWave = 10'000;

/// [count, width / 2]: sines and cosines of 0, 1, 2, ...
torch::Tensor waves(std::int64_t count, std::int64_t width) {
    const torch::Tensor place = torch::arange(count, torch::kFloat).unsqueeze(1);
    const torch::Tensor step = torch::arange(width / 4, torch::kFloat) / static_cast<double>(width / 4);
    const torch::Tensor angle = place * torch::pow(kLongestWave, -step);
    return torch::cat({angle.sin(), angle.cos()}, 1);
}

}  // namespace

torch::Tensor sinePositions(std::int64_t rows, std::int64_t columns, std::int64_t width) {
    const torch::Tensor across = waves(columns, width).unsqueeze(0).expand({rows, columns, width / 2});
    const torch::Tensor down = waves(rows, width).unsqueeze(1).expand({rows, columns, width / 2});
    return torch::cat({across, down}, 2).reshape({rows * columns, width});
}

}  // namespace embedscope
