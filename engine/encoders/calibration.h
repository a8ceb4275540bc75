#pragma once

#include "engine/encoders/encoder.h"

#include <functional>

namespace embedscope {

/// Gives an untrained encoder the running means and variances that its layers find in `batches` batches, as if it had
/// seen them for ever. Without it, evaluation starts from mean 0 and variance 1, and what a step computes and what an
/// evaluation computes are two clouds of points until the running values have caught up.
/// @param images The pictures of batch 0 to batches - 1.
void calibrateStatistics(Encoder& encoder, int batches, const std::function<torch::Tensor(int)>& images,
                         const std::stop_token& stop);

/// While it lives, training passes may use the statistics of their batch; afterwards the running ones are as before.
class StatisticsKept {
public:
    explicit StatisticsKept(Encoder& encoder);
    ~StatisticsKept();
    StatisticsKept(const StatisticsKept&) = delete;
    StatisticsKept& operator=(const StatisticsKept&) = delete;

private:
    Encoder& encoder_;
    std::vector<torch::Tensor> before_;
};

}  // namespace embedscope
