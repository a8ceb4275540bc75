// Howard, Sandler, Chu, Chen et al.: Searching for MobileNetV3, ICCV 2019, table 2; squeeze-and-excite of Hu, Shen,
// Sun: Squeeze-and-Excitation Networks, CVPR 2018. The weights' sizes are those of torchvision's mobilenet_v3_small.

#include "engine/encoders/encoder_table.h"
#include "engine/encoders/layers.h"
#include "engine/encoders/mobilenet_rows.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

namespace embedscope {
namespace {

using Row = MobilenetRow;
using Activation = Row::Activation;

constexpr int kLastChannels = 576;

torch::Tensor activated(const torch::Tensor& x, Activation activation) {
    return activation == Activation::Relu ? torch::relu(x) : torch::hardswish(x);
}

struct NormedConvolution {
    Convolution convolution;
    BatchNorm norm;

    NormedConvolution(LayerBuilder& build, const std::string& name, int in, int out, int kernel, int stride = 1,
                      int groups = 1)
        : convolution(build.convolution(name + ".0", in, out, kernel, stride, groups)),
          norm(build.batchNorm(name + ".1", out)) {}

    torch::Tensor operator()(const torch::Tensor& x, const Pass& pass, int step = 0) const {
        return apply(convolution, norm, x, pass, step);
    }
};

/// Weighs the channels by what they show in the whole picture.
class SqueezeExcite {
public:
    SqueezeExcite(LayerBuilder& build, const std::string& name, int channels)
        : first_(build.linear(name + ".fc1", channels, squeezed(channels))),
          second_(build.linear(name + ".fc2", squeezed(channels), channels)) {}

    torch::Tensor operator()(const torch::Tensor& x) const {
        const torch::Tensor inner = apply(first_, averagePool(x)).relu_();
        const torch::Tensor scale = torch::hardsigmoid(apply(second_, inner)).to(x.scalar_type());
        return x * scale.unsqueeze(2).unsqueeze(3);
    }

private:
    /// A quarter, to a multiple of 8 that is not more than a tenth smaller.
    static int squeezed(int channels) {
        const double quarter = channels / 4.0;
        const int rounded = std::max(8, static_cast<int>(quarter + 4) / 8 * 8);
        return rounded < 0.9 * quarter ? rounded + 8 : rounded;
    }

    Linear first_;
    Linear second_;
};

class InvertedResidual {
public:
    InvertedResidual(LayerBuilder& build, const std::string& name, int in, const Row& row)
        : activation_(row.activation), adds_(row.stride == 1 && in == row.out), stride_(row.stride) {
        int number = 0;
        const auto next = [&] { return name + '.' + std::to_string(number++); };
        if (row.expanded != in) expand_.emplace(build, next(), in, row.expanded, 1);
        depthwise_.emplace(build, next(), row.expanded, row.expanded, row.kernel, row.stride, row.expanded);
        if (row.squeeze) squeeze_.emplace(build, next(), row.expanded);
        project_.emplace(build, next(), row.expanded, row.out, 1);
    }

    torch::Tensor operator()(const torch::Tensor& images, const Pass& pass, bool keepsSize) const {
        torch::Tensor x = images;
        if (expand_) x = activated((*expand_)(x, pass), activation_);
        x = activated((*depthwise_)(x, pass, keepsSize ? 1 : stride_), activation_);
        if (squeeze_) x = (*squeeze_)(x);
        x = (*project_)(x, pass);
        return adds_ ? x.add_(images) : x;
    }

private:
    Activation activation_;
    bool adds_;
    int stride_;
    std::optional<NormedConvolution> expand_, depthwise_, project_;
    std::optional<SqueezeExcite> squeeze_;
};

class MobilenetV3Small : public Encoder {
public:
    explicit MobilenetV3Small(const EncoderSetting& setting)
        : build_(setting.seed, setting.device),
          normalize_(setting.normalize),
          first_(build_, "features.0", setting.channels, kMobilenetStemChannels, 3, 2) {
        int in = kMobilenetStemChannels;
        for (std::size_t i = 0; i < kMobilenetRows.size(); ++i) {
            blocks_.emplace_back(build_, "features." + std::to_string(i + 1) + ".block", in, kMobilenetRows[i]);
            in = kMobilenetRows[i].out;
        }
        last_.emplace(build_, "features." + std::to_string(kMobilenetRows.size() + 1), in, kLastChannels, 1);
        head_ = build_.linear("head", kLastChannels, setting.dimension);
    }

    torch::Tensor embed(const torch::Tensor& images, const Pass& pass) override {
        const bool small = mobilenetKeepsSize(images.size(2), images.size(3));
        torch::Tensor x = torch::hardswish(first_(images, pass, small ? 1 : 0));
        for (std::size_t i = 0; i < blocks_.size(); ++i) x = blocks_[i](x, pass, small && i == 0);
        x = torch::hardswish((*last_)(x, pass));
        x = apply(head_, averagePool(x));
        return normalize_ ? unitRows(x) : x;
    }

    const std::vector<NamedTensor>& weights() const override { return build_.weights(); }
    const std::vector<NamedTensor>& statistics() const override { return build_.statistics(); }

private:
    LayerBuilder build_;
    bool normalize_;
    NormedConvolution first_;
    std::vector<InvertedResidual> blocks_;
    std::optional<NormedConvolution> last_;
    Linear head_;
};

}  // namespace

EncoderRow mobilenetV3SmallRow() {
    CatalogEntry entry;
    entry.id = "mobilenet_v3_small";
    entry.label = "MobileNetV3-small";
    entry.group = "Large images";
    entry.help =
        "Made for phones: deep, but with a thirtieth of ResNet-18's arithmetic, so that photographs of 96 pixels and "
        "more train on a CPU. Pictures up to 64 pixels keep four times the resolution inside.";
    entry.formula = "conv 3x3 - 11 inverted residuals with squeeze-and-excite, hard-swish - conv 1x1 - mean - linear";
    entry.source = "Howard et al., Searching for MobileNetV3, ICCV 2019";
    return {entry,
            [](const CatalogEntry&, const ParameterValues&, const EncoderSetting& setting) -> std::unique_ptr<Encoder> {
                return std::make_unique<MobilenetV3Small>(setting);
            }};
}

}  // namespace embedscope
