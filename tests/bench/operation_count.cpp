#include "tests/bench/operation_count.h"

#include "tests/bench/benchmark.h"

#include <ATen/record_function.h>

#include <memory>
#include <string_view>

namespace embedscope::bench {
namespace {

constexpr int kRounds = 12;

// The callbacks of torch's profiler are plain functions; one count a thread.
thread_local double operations = 0;

double outputSide(std::int64_t side, std::int64_t kernel, std::int64_t stride, std::int64_t padding) {
    return static_cast<double>((side + 2 * padding - kernel) / stride + 1);
}

/// aten::convolution(input, weight, bias, stride, padding, dilation, transposed, output_padding, groups)
void countConvolution(c10::ArrayRef<const c10::IValue> inputs) {
    const torch::Tensor input = inputs[0].toTensor(), weight = inputs[1].toTensor();
    const std::vector<std::int64_t> stride = inputs[3].toIntVector(), padding = inputs[4].toIntVector();
    const double places = outputSide(input.size(2), weight.size(2), stride.front(), padding.front()) *
                          outputSide(input.size(3), weight.size(3), stride.back(), padding.back());
    operations += 2 * static_cast<double>(input.size(0)) * places * static_cast<double>(weight.numel());
}

/// aten::addmm(bias, input, weight, ...)
void countProduct(const torch::Tensor& left, const torch::Tensor& right) {
    operations += 2 * static_cast<double>(left.numel()) * static_cast<double>(right.size(1));
}

std::unique_ptr<at::ObserverContext> count(const at::RecordFunction& function) {
    const std::string_view name = function.name();
    const auto inputs = function.inputs();
    if (name == "aten::convolution")
        countConvolution(inputs);
    else if (name == "aten::addmm")
        countProduct(inputs[1].toTensor(), inputs[2].toTensor());
    else if (name == "aten::mm")
        countProduct(inputs[0].toTensor(), inputs[1].toTensor());
    return nullptr;
}

}  // namespace

double forwardOperations(Encoder& encoder, const EncoderSetting& setting) {
    const torch::Tensor image =
        torch::zeros({1, setting.channels, setting.height, setting.width}).contiguous(at::MemoryFormat::ChannelsLast);
    const at::NoGradGuard noGradient;
    operations = 0;
    const at::CallbackHandle handle = at::addThreadLocalCallback(
        at::RecordFunctionCallback(count).needsInputs(true).scopes({at::RecordScope::FUNCTION}));
    encoder.embed(image, {});
    at::removeCallback(handle);
    return operations;
}

double convolutionPeak(at::ScalarType type) {
    constexpr std::int64_t kBatch = 64, kChannels = 128, kSide = 32, kKernel = 3;
    const at::NoGradGuard noGradient;
    const auto laidOut = [&](std::vector<std::int64_t> shape) {
        return torch::full(shape, 0.01).to(type).contiguous(at::MemoryFormat::ChannelsLast);
    };
    const torch::Tensor images = laidOut({kBatch, kChannels, kSide, kSide});
    const torch::Tensor weight = laidOut({kChannels, kChannels, kKernel, kKernel});
    double best = 1e9;
    for (int round = 0; round < kRounds; ++round) {
        const Clock::time_point start = Clock::now();
        at::conv2d(images, weight, {}, 1, 1);
        best = std::min(best, secondsSince(start));
    }
    return 2.0 * kBatch * kSide * kSide * kChannels * kChannels * kKernel * kKernel / best;
}

}  // namespace embedscope::bench
