#pragma once

#include "engine/experiment.h"

#include <torch/types.h>

#include <cstdint>
#include <memory>
#include <vector>

namespace embedscope {

/// What stands between the embedding and a loss on views while training; measures and the picture never see it.
class Head {
public:
    virtual ~Head() = default;
    /// @param embeddings [N, dimension]. @return [N, outputDimension()]
    virtual torch::Tensor apply(const torch::Tensor& embeddings) const = 0;
    virtual int outputDimension() const = 0;
    /// Stable order.
    virtual std::vector<torch::Tensor> weights() const { return {}; }
};

/// @param dimension Of the embeddings. @throws std::invalid_argument naming the known ids or parameters.
std::unique_ptr<Head> makeHead(const Choice& choice, int dimension, std::uint64_t seed, torch::Device device);

}  // namespace embedscope
