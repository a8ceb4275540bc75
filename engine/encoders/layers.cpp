#include "engine/encoders/layers.h"

#include <ATen/CPUGeneratorImpl.h>

#include <cmath>
#include <utility>

namespace embedscope {
namespace {

/// @param weight, bias Instead of the layer's own, in any type.
torch::Tensor convolved(const torch::Tensor& images, const Convolution& layer, const torch::Tensor& weight,
                        const torch::Tensor& bias, int stride) {
    const auto type = images.scalar_type();
    return torch::conv2d(images, weight.to(type), bias.defined() ? bias.to(type) : bias,
                         stride == 0 ? layer.stride : stride, weight.size(2) / 2, 1, layer.groups);
}

}  // namespace

LayerBuilder::LayerBuilder(std::uint64_t seed, torch::Device device)
    : generator_(at::detail::createCPUGenerator(seed)), device_(device) {}

Convolution LayerBuilder::convolution(const std::string& name, int in, int out, int kernel, int stride, int groups) {
    const double fanIn = static_cast<double>(in) / groups * kernel * kernel;
    const torch::Tensor values = uniform({out, in / groups, kernel, kernel}, 1 / std::sqrt(fanIn));
    return {addWeight(name + ".weight", values.contiguous(at::MemoryFormat::ChannelsLast)), stride, groups};
}

BatchNorm LayerBuilder::batchNorm(const std::string& name, int channels) {
    return {addWeight(name + ".weight", torch::ones({channels})), addWeight(name + ".bias", torch::zeros({channels})),
            addStatistic(name + ".running_mean", torch::zeros({channels})),
            addStatistic(name + ".running_var", torch::ones({channels}))};
}

Linear LayerBuilder::linear(const std::string& name, int in, int out) {
    const double bound = 1 / std::sqrt(static_cast<double>(in));
    torch::Tensor weight = addWeight(name + ".weight", uniform({out, in}, bound));
    return {weight, addWeight(name + ".bias", uniform({out}, bound))};
}

torch::Tensor LayerBuilder::constant(const std::string& name, at::IntArrayRef shape, double value) {
    return addWeight(name, torch::full(shape, value));
}

/// torch's Kaiming-uniform with a = sqrt(5) is U(-1/sqrt(fan in), 1/sqrt(fan in)). Always drawn on the CPU, so that
/// every device starts from the same weights.
torch::Tensor LayerBuilder::uniform(at::IntArrayRef shape, double bound) {
    return torch::empty(shape).uniform_(-bound, bound, generator_);
}

torch::Tensor LayerBuilder::addWeight(const std::string& name, torch::Tensor values) {
    torch::Tensor weight = values.to(device_).set_requires_grad(true);
    weights_.push_back({name, weight});
    return weight;
}

torch::Tensor LayerBuilder::addStatistic(const std::string& name, const torch::Tensor& values) {
    torch::Tensor statistic = values.to(device_);
    statistics_.push_back({name, statistic});
    return statistic;
}

void stopPoint(const torch::Tensor& x, const std::stop_token& stop) {
    if (stop.stop_requested()) throw StopRequested{};
    if (!x.requires_grad() || !stop.stop_possible()) return;
    x.register_hook([stop](const torch::Tensor&) {
        if (stop.stop_requested()) throw StopRequested{};
    });
}

torch::Tensor convolution(const Convolution& layer, const torch::Tensor& images, int stride) {
    return convolved(images, layer, layer.weight, {}, stride);
}

torch::Tensor apply(const Convolution& layer, const BatchNorm& norm, const torch::Tensor& images, const Pass& pass,
                    int stride) {
    torch::Tensor result;
    if (pass.mode == Pass::Mode::Train) {
        result = convolution(layer, images, stride);
        result = torch::batch_norm(result, norm.scale, norm.shift, norm.runningMean, norm.runningVariance,
                                   /*training=*/true, kNormMomentum, kNormEpsilon, /*cudnn_enabled=*/true);
    } else {
        const torch::Tensor factor = norm.scale * (norm.runningVariance + kNormEpsilon).rsqrt();
        result = convolved(images, layer, layer.weight * factor.view({-1, 1, 1, 1}),
                           norm.shift - norm.runningMean * factor, stride);
    }
    stopPoint(result, pass.stop);
    return result;
}

torch::Tensor apply(const Linear& layer, const torch::Tensor& features) {
    const auto type = features.scalar_type();
    return torch::linear(features, layer.weight.to(type), layer.bias.to(type));
}

torch::Tensor averagePool(const torch::Tensor& images) {
    return images.mean({2, 3}, /*keepdim=*/false, torch::kFloat);
}

torch::Tensor unitRows(const torch::Tensor& rows) {
    return rows / rows.norm(2, {1}, /*keepdim=*/true).clamp_min(1e-12);
}

}  // namespace embedscope
