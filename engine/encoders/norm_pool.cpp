#include "engine/encoders/norm_pool.h"

#include "engine/encoders/norm_pool_kernel.h"

#include <ATen/Parallel.h>
#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

namespace embedscope {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::tensor_list;
using torch::autograd::Variable;

/// Of channels; partial sums are added up in this type.
using Numbers = std::vector<double>;

struct Shape {
    explicit Shape(const torch::Tensor& images)
        : pictures(images.size(0)), channels(images.size(1)), height(images.size(2)), width(images.size(3)) {}

    std::int64_t pixels() const { return pictures * height * width; }
    std::int64_t line() const { return width * channels; }  ///< Numbers of one.
    std::int64_t windowLine() const { return width / 2 * channels; }

    std::int64_t pictures, channels, height, width;
};

torch::Tensor inPixels(const torch::Tensor& images) {
    return images.contiguous(at::MemoryFormat::ChannelsLast);
}

torch::Tensor likePooled(const torch::Tensor& images, torch::ScalarType type) {
    return torch::empty({images.size(0), images.size(1), images.size(2) / 2, images.size(3) / 2},
                        images.options().dtype(type).memory_format(at::MemoryFormat::ChannelsLast));
}

const float* numbersOf(const torch::Tensor& tensor) {
    return tensor.data_ptr<float>();
}

/// body(first pixel, how many, place for two partial results of [channels] each), for all pixels.
/// @return Those places, one after the other.
std::vector<float> forBlocks(std::int64_t pixels, std::int64_t channels,
                             const std::function<void(std::int64_t, std::int64_t, float*)>& body) {
    const std::int64_t blocks = (pixels + kPixelsOfSum - 1) / kPixelsOfSum;
    std::vector<float> partial(static_cast<std::size_t>(2 * blocks * channels));
    at::parallel_for(0, blocks, 8, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t block = begin; block < end; ++block) {
            const std::int64_t first = block * kPixelsOfSum;
            body(first, std::min(kPixelsOfSum, pixels - first), partial.data() + 2 * block * channels);
        }
    });
    return partial;
}

struct Statistics {
    Numbers mean, variance;  ///< Of the batch, divided by the number of pixels.
};

/// Of blocks to all: T. Chan, G. Golub, R. LeVeque, Algorithms for Computing the Sample Variance, 1983.
Statistics statisticsOf(const torch::Tensor& images) {
    const Shape shape(images);
    const std::int64_t channels = shape.channels;
    const float* numbers = numbersOf(images);
    const std::vector<float> partial =
        forBlocks(shape.pixels(), channels, [&](std::int64_t first, std::int64_t count, float* place) {
            sumPixels(numbers + first * channels, count, channels, place, place + channels);
        });
    Statistics all{Numbers(channels), Numbers(channels)};
    std::int64_t seen = 0;
    for (const float* block = partial.data(); seen < shape.pixels(); block += 2 * channels) {
        const std::int64_t count = std::min(kPixelsOfSum, shape.pixels() - seen);
        const double share = static_cast<double>(count) / static_cast<double>(seen + count);
        for (std::int64_t c = 0; c < channels; ++c) {
            const double apart = block[c] - all.mean[c];
            all.mean[c] += apart * share;
            all.variance[c] += block[channels + c] + apart * apart * share * static_cast<double>(seen);
        }
        seen += count;
    }
    for (double& each : all.variance) each /= static_cast<double>(std::max<std::int64_t>(1, seen));
    return all;
}

/// running = (1 - momentum) * running + momentum * now, the variance divided by one pixel less, as torch has it.
void follow(const BatchNorm& norm, const Statistics& now, std::int64_t pixels) {
    const double unbiased = static_cast<double>(pixels) / static_cast<double>(std::max<std::int64_t>(1, pixels - 1));
    auto* mean = norm.runningMean.data_ptr<float>();
    auto* variance = norm.runningVariance.data_ptr<float>();
    const auto moved = [](float running, double value) {
        return static_cast<float>((1 - kNormMomentum) * running + kNormMomentum * value);
    };
    for (std::size_t c = 0; c < now.mean.size(); ++c) {
        mean[c] = moved(mean[c], now.mean[c]);
        variance[c] = moved(variance[c], now.variance[c] * unbiased);
    }
}

/// body(line of windows, its number) for the lines of all pictures.
void forWindowLines(const torch::Tensor& images, const std::function<void(const WindowLine&, std::int64_t)>& body) {
    const Shape shape(images);
    const float* numbers = numbersOf(images);
    const std::int64_t lines = shape.height / 2;
    at::parallel_for(0, shape.pictures * lines, 8, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t i = begin; i < end; ++i) {
            const float* upper = numbers + (i / lines * shape.height + i % lines * 2) * shape.line();
            body({upper, upper + shape.line(), shape.width / 2, shape.channels}, i);
        }
    });
}

/// Of the maxima, kept for the gradient.
struct Chosen {
    torch::Tensor places;  ///< [B, C, H / 2, W / 2] uint8, see kClosed.
    torch::Tensor values;  ///< The same, float.
};

torch::Tensor pooled(const torch::Tensor& images, const std::vector<float>& factor, const std::vector<float>& offset,
                     const Chosen* chosen) {
    const torch::Tensor out = likePooled(images, torch::kFloat);
    const std::int64_t windows = Shape(images).windowLine();
    const Affine affine{factor.data(), offset.data()};
    auto* maxima = out.data_ptr<float>();
    auto* places = chosen ? chosen->places.data_ptr<std::uint8_t>() : nullptr;
    auto* values = chosen ? chosen->values.data_ptr<float>() : nullptr;
    forWindowLines(images, [&](const WindowLine& line, std::int64_t i) {
        const std::int64_t at = i * windows;
        if (chosen)
            poolLine(line, affine, maxima + at, places + at, values + at);
        else
            poolLine(line, affine, maxima + at);
    });
    return out;
}

/// Of the pixels that no window has: the last line and column of an odd size.
void spreadRest(const torch::Tensor& images, const Spread& spread, float* gradient) {
    const Shape shape(images);
    const float* numbers = numbersOf(images);
    for (std::int64_t picture = 0; picture < shape.pictures; ++picture)
        for (std::int64_t y = 0; y < shape.height; ++y) {
            const bool all = y >= shape.height / 2 * 2;
            const std::int64_t covered = all ? 0 : shape.width / 2 * 2;
            const std::int64_t at = ((picture * shape.height + y) * shape.width + covered) * shape.channels;
            spreadPixels(numbers + at, shape.width - covered, shape.channels, spread, gradient + at);
        }
}

/// S. Ioffe, C. Szegedy: Batch Normalization, ICML 2015 (1502.03167), with the gradient of the maxima put in.
struct NormPool : torch::autograd::Function<NormPool> {
    static Variable forward(AutogradContext* context, const Variable& images, const Variable& scale,
                            const Variable& shift, const BatchNorm& norm) {
        const torch::Tensor numbers = inPixels(images);
        const Statistics now = statisticsOf(numbers);
        follow(norm, now, Shape(numbers).pixels());
        const std::int64_t channels = numbers.size(1);
        std::vector<float> factor(channels), offset(channels);
        torch::Tensor mean = torch::empty({channels}), inverse = torch::empty({channels});
        for (std::int64_t c = 0; c < channels; ++c) {
            const double spread = 1 / std::sqrt(now.variance[c] + kNormEpsilon);
            const double slope = numbersOf(scale)[c] * spread;
            factor[c] = static_cast<float>(slope);
            offset[c] = static_cast<float>(numbersOf(shift)[c] - slope * now.mean[c]);
            mean.data_ptr<float>()[c] = static_cast<float>(now.mean[c]);
            inverse.data_ptr<float>()[c] = static_cast<float>(spread);
        }
        const Chosen chosen{likePooled(numbers, torch::kByte), likePooled(numbers, torch::kFloat)};
        context->save_for_backward({numbers, scale, mean, inverse, chosen.places, chosen.values});
        return pooled(numbers, factor, offset, &chosen);
    }

    static tensor_list backward(AutogradContext* context, const tensor_list& gradients) {
        TORCH_CHECK(!torch::GradMode::is_enabled(), "This gradient cannot be differentiated again.");
        const auto saved = context->get_saved_variables();
        const torch::Tensor &images = saved[0], &scale = saved[1], &mean = saved[2], &inverse = saved[3];
        const torch::Tensor gradient = inPixels(gradients[0]);
        const PooledGradients all{numbersOf(gradient), saved[4].data_ptr<std::uint8_t>(), numbersOf(saved[5])};
        const auto [sums, products] = sumsOf(all, gradient, mean);

        const std::int64_t channels = images.size(1);
        const auto pixels = static_cast<double>(Shape(images).pixels());
        const torch::Tensor ofScale = torch::empty({channels}), ofShift = torch::empty({channels});
        std::vector<float> ofGradient(channels), ofNumber(channels), constant(channels);
        for (std::int64_t c = 0; c < channels; ++c) {
            const double spread = numbersOf(inverse)[c], slope = numbersOf(scale)[c] * spread;
            const double along = -slope * spread * spread * products[c] / pixels;
            ofScale.data_ptr<float>()[c] = static_cast<float>(products[c] * spread);
            ofShift.data_ptr<float>()[c] = static_cast<float>(sums[c]);
            ofGradient[c] = static_cast<float>(slope);
            ofNumber[c] = static_cast<float>(along);
            constant[c] = static_cast<float>(-slope * sums[c] / pixels - along * numbersOf(mean)[c]);
        }
        const Spread spread{ofGradient.data(), ofNumber.data(), constant.data()};
        return {spreadOver(images, all, spread), ofScale, ofShift, {}};
    }

    static std::pair<Numbers, Numbers> sumsOf(const PooledGradients& all, const torch::Tensor& gradient,
                                              const torch::Tensor& mean) {
        const Shape shape(gradient);
        const std::int64_t channels = shape.channels;
        const std::vector<float> partial =
            forBlocks(shape.pixels(), channels, [&](std::int64_t first, std::int64_t count, float* place) {
                const std::int64_t at = first * channels;
                sumGradients({all.gradient + at, all.chosen + at, all.value + at}, count, channels, numbersOf(mean),
                             place, place + channels);
            });
        Numbers sums(channels), products(channels);
        for (std::size_t at = 0; at < partial.size(); at += 2 * channels)
            for (std::int64_t c = 0; c < channels; ++c) {
                sums[c] += partial[at + c];
                products[c] += partial[at + channels + c];
            }
        return {sums, products};
    }

    static torch::Tensor spreadOver(const torch::Tensor& images, const PooledGradients& all, const Spread& spread) {
        torch::Tensor out = torch::empty_like(images);
        auto* numbers = out.data_ptr<float>();
        const Shape shape(images);
        const float* first = numbersOf(images);
        forWindowLines(images, [&](const WindowLine& line, std::int64_t i) {
            const std::int64_t at = i * shape.windowLine();
            float* upper = numbers + (line.upper - first);
            spreadLine(line, {all.gradient + at, all.chosen + at, all.value + at}, spread, upper, upper + shape.line());
        });
        if (shape.height % 2 + shape.width % 2 > 0) spreadRest(images, spread, numbers);
        return out;
    }
};

torch::Tensor normPool(const torch::Tensor& images, const BatchNorm& norm) {
    return NormPool::apply(images, norm.scale, norm.shift, norm);
}

/// When evaluating, the convolution has the normalisation in it.
torch::Tensor poolOnly(const torch::Tensor& images) {
    const std::vector<float> ones(images.size(1), 1.0F), zeros(images.size(1), 0.0F);
    return pooled(inPixels(images), ones, zeros, nullptr);
}

}  // namespace

torch::Tensor applyPooled(const Convolution& layer, const BatchNorm& norm, const torch::Tensor& images,
                          const Pass& pass) {
    const bool ours = images.is_cpu() && images.scalar_type() == torch::kFloat;
    TORCH_CHECK(images.size(2) > 1 && images.size(3) > 1, "A map of one pixel has no 2x2 window.");
    const bool trains = pass.mode == Pass::Mode::Train;
    if (!ours || (!trains && torch::GradMode::is_enabled()))
        return torch::max_pool2d(apply(layer, norm, images, pass), 2).relu_();
    const torch::Tensor result =
        trains ? normPool(convolution(layer, images), norm) : poolOnly(apply(layer, norm, images, pass));
    stopPoint(result, pass.stop);
    return result;
}

}  // namespace embedscope
