#pragma once

#include "engine/encoders/encoder.h"

#include <torch/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace embedscope {

/// Weight of a new batch in the running means and variances.
inline constexpr double kNormMomentum = 0.1;
/// Added to a variance before its root is taken.
inline constexpr double kNormEpsilon = 1e-5;

// A layer computes in the type of its input, float or bfloat16; its tensors stay float.

/// No bias: a BatchNorm follows each of them.
struct Convolution {
    torch::Tensor weight;  ///< [out, in / groups, k, k], channels_last.
    int stride = 1;
    int groups = 1;
};

struct BatchNorm {
    torch::Tensor scale, shift;
    torch::Tensor runningMean, runningVariance;
};

struct Linear {
    torch::Tensor weight;  ///< [out, in]
    torch::Tensor bias;
};

/// Makes layers with torch's standard initial weights from a generator of its own and keeps their tensors by name.
class LayerBuilder {
public:
    LayerBuilder(std::uint64_t seed, torch::Device device);

    Convolution convolution(const std::string& name, int in, int out, int kernel, int stride = 1, int groups = 1);
    BatchNorm batchNorm(const std::string& name, int channels);
    Linear linear(const std::string& name, int in, int out);

    /// For what is no layer of these: a tensor of this value everywhere.
    torch::Tensor constant(const std::string& name, at::IntArrayRef shape, double value);

    const std::vector<NamedTensor>& weights() const { return weights_; }
    const std::vector<NamedTensor>& statistics() const { return statistics_; }

private:
    torch::Tensor uniform(at::IntArrayRef shape, double bound);
    torch::Tensor addWeight(const std::string& name, torch::Tensor values);
    torch::Tensor addStatistic(const std::string& name, const torch::Tensor& values);

    at::Generator generator_;
    torch::Device device_;
    std::vector<NamedTensor> weights_;
    std::vector<NamedTensor> statistics_;
};

/// Convolution(images), padded so that stride 1 keeps height and width.
torch::Tensor convolution(const Convolution& layer, const torch::Tensor& images, int stride = 0);

/// BatchNorm(Convolution(images)), padded so that stride 1 keeps height and width. When evaluating, both are one
/// convolution. @param stride Instead of the layer's own; 0: the layer's own.
torch::Tensor apply(const Convolution& layer, const BatchNorm& norm, const torch::Tensor& images, const Pass& pass,
                    int stride = 0);
torch::Tensor apply(const Linear& layer, const torch::Tensor& features);

/// Looks at the token now and when the gradient comes back to `x`. @throws StopRequested
void stopPoint(const torch::Tensor& x, const std::stop_token& stop);

/// [B, C, H, W] -> [B, C] float: the mean over the picture.
torch::Tensor averagePool(const torch::Tensor& images);

/// Rows of unit length; a row shorter than 1e-12 stays short.
torch::Tensor unitRows(const torch::Tensor& rows);

}  // namespace embedscope
