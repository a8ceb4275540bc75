#pragma once

#include "engine/encoders/layers.h"

#include <torch/types.h>

#include <cstdint>
#include <vector>

namespace embedscope {

struct MlpShape {
    int in = 64;
    int hidden = 256;
    int out = 128;
    int layers = 2;
    bool hiddenNorm = true;   ///< BatchNorm before every ReLU.
    bool outputNorm = false;  ///< BatchNorm on what comes out.
};

/// Linear layers on rows, a ReLU between them. Made for training alone: BatchNorm always takes the batch's own
/// statistics and keeps none.
class Mlp {
public:
    Mlp(const MlpShape& shape, std::uint64_t seed, torch::Device device);

    /// @param rows [N, in], N > 1 with BatchNorm. @return [N, out]
    torch::Tensor apply(const torch::Tensor& rows) const;
    /// Stable order.
    std::vector<torch::Tensor> weights() const;

private:
    struct Layer {
        Linear linear;
        torch::Tensor scale, shift;  ///< Of its BatchNorm; undefined without.
    };
    std::vector<Layer> layers_;
};

}  // namespace embedscope
