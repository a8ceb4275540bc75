#include "engine/encoders/mlp.h"

#include <ATen/Functions.h>

#include <string>

namespace embedscope {
namespace {

torch::Tensor standardized(const torch::Tensor& rows, const torch::Tensor& scale, const torch::Tensor& shift) {
    constexpr double kEpsilon = 1e-5, kUnused = 0.1;
    return torch::batch_norm(rows, scale, shift, {}, {}, /*training=*/true, kUnused, kEpsilon, /*cudnn_enabled=*/true);
}

}  // namespace

Mlp::Mlp(const MlpShape& shape, std::uint64_t seed, torch::Device device) {
    LayerBuilder builder(seed, device);
    for (int i = 0; i < shape.layers; ++i) {
        const bool last = i + 1 == shape.layers;
        const int in = i == 0 ? shape.in : shape.hidden;
        const int out = last ? shape.out : shape.hidden;
        const std::string name = "layer" + std::to_string(i);
        Layer layer{builder.linear(name, in, out), {}, {}};
        if (last ? shape.outputNorm : shape.hiddenNorm) {
            const BatchNorm norm = builder.batchNorm(name + ".norm", out);
            layer.scale = norm.scale;
            layer.shift = norm.shift;
        }
        layers_.push_back(layer);
    }
}

torch::Tensor Mlp::apply(const torch::Tensor& rows) const {
    torch::Tensor values = rows;
    for (const Layer& layer : layers_) {
        if (&layer != &layers_.front()) values = values.relu();
        values = embedscope::apply(layer.linear, values);
        if (layer.scale.defined()) values = standardized(values, layer.scale, layer.shift);
    }
    return values;
}

std::vector<torch::Tensor> Mlp::weights() const {
    std::vector<torch::Tensor> all;
    for (const Layer& layer : layers_) {
        all.insert(all.end(), {layer.linear.weight, layer.linear.bias});
        if (layer.scale.defined()) all.insert(all.end(), {layer.scale, layer.shift});
    }
    return all;
}

}  // namespace embedscope
