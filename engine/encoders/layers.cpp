#include "engine/encoders/layers.h"

#include <ATen/CPUGeneratorImpl.h>

#include <cmath>
#include <utility>

namespace embedscope {
namespace {

constexpr double kNormEpsilon = 1e-5;

void stopPoint(const torch::Tensor& x, const std::stop_token& stop) {
    if (stop.stop_requested()) throw StopRequested{};
    if (!x.requires_grad() || !stop.stop_possible()) return;
    x.register_hook([stop](const torch::Tensor&) {
        if (stop.stop_requested()) throw StopRequested{};
    });
}

}  // namespace

LayerBuilder::LayerBuilder(std::uint64_t seed, torch::Device device)
    : generator_(at::detail::createCPUGenerator(seed)), device_(device) {}

Convolution LayerBuilder::convolution(const std::string& name, int in, int out, int kernel, int stride) {
    const double fanIn = static_cast<double>(in) * kernel * kernel;
    const torch::Tensor values = uniform({out, in, kernel, kernel}, 1 / std::sqrt(fanIn));
    return {addWeight(name + ".weight", values.contiguous(at::MemoryFormat::ChannelsLast)), stride};
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

torch::Tensor apply(const Convolution& layer, const BatchNorm& norm, const torch::Tensor& images, const Pass& pass) {
    const std::int64_t padding = layer.weight.size(2) / 2;
    torch::Tensor result;
    if (pass.mode == Pass::Mode::Train) {
        result = torch::conv2d(images, layer.weight, {}, layer.stride, padding);
        result = torch::batch_norm(result, norm.scale, norm.shift, norm.runningMean, norm.runningVariance,
                                   /*training=*/true, kNormMomentum, kNormEpsilon, /*cudnn_enabled=*/true);
    } else {
        const torch::Tensor factor = norm.scale * (norm.runningVariance + kNormEpsilon).rsqrt();
        result = torch::conv2d(images, layer.weight * factor.view({-1, 1, 1, 1}),
                               norm.shift - norm.runningMean * factor, layer.stride, padding);
    }
    stopPoint(result, pass.stop);
    return result;
}

torch::Tensor apply(const Linear& layer, const torch::Tensor& features) {
    return torch::linear(features, layer.weight, layer.bias);
}

torch::Tensor averagePool(const torch::Tensor& images) {
    return images.mean({2, 3});
}

torch::Tensor unitRows(const torch::Tensor& rows) {
    return rows / rows.norm(2, {1}, /*keepdim=*/true).clamp_min(1e-12);
}

}  // namespace embedscope
