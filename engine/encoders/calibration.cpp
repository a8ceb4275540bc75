#include "engine/encoders/calibration.h"

#include "engine/encoders/layers.h"

#include <ATen/core/grad_mode.h>

#include <cmath>

namespace embedscope {

void calibrateStatistics(Encoder& encoder, int batches, const std::function<torch::Tensor(int)>& images,
                         const std::stop_token& stop) {
    const at::NoGradGuard noGradient;
    std::vector<torch::Tensor> before;
    for (const NamedTensor& statistic : encoder.statistics()) before.push_back(statistic.tensor.clone());
    if (before.empty()) return;
    for (int i = 0; i < batches; ++i) encoder.embed(images(i), {Pass::Mode::Train, stop});
    // A running value is now kept * before + (1 - kept) * what was seen.
    const double kept = std::pow(1 - kNormMomentum, batches);
    for (std::size_t i = 0; i < before.size(); ++i) encoder.statistics()[i].tensor.sub_(before[i], kept).div_(1 - kept);
}

StatisticsKept::StatisticsKept(Encoder& encoder) : encoder_(encoder) {
    for (const NamedTensor& statistic : encoder.statistics()) before_.push_back(statistic.tensor.clone());
}

/// Behind the back of autograd, which has saved the running values and would miss that a backward pass in training
/// does not read them.
StatisticsKept::~StatisticsKept() {
    for (std::size_t i = 0; i < before_.size(); ++i) encoder_.statistics()[i].tensor.variable_data().copy_(before_[i]);
}

}  // namespace embedscope
