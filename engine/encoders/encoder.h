#pragma once

#include "engine/experiment.h"

#include <torch/types.h>

#include <exception>
#include <filesystem>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

namespace embedscope {

struct NamedTensor {
    std::string name;  ///< e.g. "block2.conv.weight".
    torch::Tensor tensor;
};

/// What an encoder is told when it is made.
struct EncoderSetting {
    int channels = 3;  ///< Of the images.
    int height = 32;   ///< Of the images trained on; others can be embedded too.
    int width = 32;
    int dimension = 64;
    bool normalize = true;   ///< L2-normalise the output.
    std::uint64_t seed = 1;  ///< Of the initial weights; no other generator is used.
    torch::Device device = torch::kCPU;
    std::filesystem::path file = {};  ///< For the encoder that reads one.
};

/// Thrown by a pass that was asked to stop. A std::exception, because torch's backward threads carry no others.
struct StopRequested : std::exception {
    const char* what() const noexcept override { return "The work was asked to stop."; }
};

/// One use of an encoder.
struct Pass {
    enum class Mode { Train, Evaluate };  ///< Batch statistics or running ones in its normalisation layers.
    Mode mode = Mode::Evaluate;
    std::stop_token stop = {};  ///< Looked at after each layer, forward and backward: one step may take many seconds.
};

class Encoder {
public:
    virtual ~Encoder() = default;

    /// @param images [B, C, H, W] float or bfloat16, channels_last, any H and W from 8. bfloat16 computes in
    /// bfloat16. @return [B, dimension] float.
    /// @throws StopRequested, also from backward() of what it returned.
    virtual torch::Tensor embed(const torch::Tensor& images, const Pass& pass) = 0;

    /// Trained, with gradients. Stable order.
    virtual const std::vector<NamedTensor>& weights() const = 0;
    /// Running means and variances. Stable order.
    virtual const std::vector<NamedTensor>& statistics() const = 0;
};

/// @throws std::invalid_argument naming the known ids or parameters.
std::unique_ptr<Encoder> makeEncoder(const Choice& choice, const EncoderSetting& setting);

}  // namespace embedscope
