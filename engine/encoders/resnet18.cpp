// He, Zhang, Ren, Sun: Deep Residual Learning for Image Recognition, CVPR 2016. The CIFAR stem is that of SimCLR.

#include "engine/encoders/encoder_table.h"
#include "engine/encoders/layers.h"

#include <optional>
#include <string>
#include <vector>

namespace embedscope {
namespace {

enum class Stem { Cifar, Imagenet };

class ResidualBlock {
public:
    ResidualBlock(LayerBuilder& build, const std::string& name, int in, int out, int stride)
        : first_(build.convolution(name + ".conv1", in, out, 3, stride)),
          firstNorm_(build.batchNorm(name + ".bn1", out)),
          second_(build.convolution(name + ".conv2", out, out, 3)),
          secondNorm_(build.batchNorm(name + ".bn2", out)) {
        if (stride == 1 && in == out) return;
        shortcut_ = build.convolution(name + ".downsample.0", in, out, 1, stride);
        shortcutNorm_ = build.batchNorm(name + ".downsample.1", out);
    }

    torch::Tensor operator()(const torch::Tensor& x, const Pass& pass) const {
        const torch::Tensor inner = apply(first_, firstNorm_, x, pass).relu_();
        const torch::Tensor past = shortcut_ ? apply(*shortcut_, shortcutNorm_, x, pass) : x;
        return apply(second_, secondNorm_, inner, pass).add_(past).relu_();
    }

private:
    Convolution first_;
    BatchNorm firstNorm_;
    Convolution second_;
    BatchNorm secondNorm_;
    std::optional<Convolution> shortcut_;
    BatchNorm shortcutNorm_;
};

class Resnet18 : public Encoder {
public:
    Resnet18(Stem stem, const EncoderSetting& setting)
        : build_(setting.seed, setting.device),
          stem_(stem),
          normalize_(setting.normalize),
          first_(stem == Stem::Cifar ? build_.convolution("conv1", setting.channels, 64, 3)
                                     : build_.convolution("conv1", setting.channels, 64, 7, 2)),
          firstNorm_(build_.batchNorm("bn1", 64)) {
        int in = 64;
        for (int layer = 0; layer < 4; ++layer) {
            const int out = 64 << layer;
            const std::string name = "layer" + std::to_string(layer + 1);
            blocks_.emplace_back(build_, name + ".0", in, out, layer == 0 ? 1 : 2);
            blocks_.emplace_back(build_, name + ".1", out, out, 1);
            in = out;
        }
        head_ = build_.linear("fc", in, setting.dimension);
    }

    torch::Tensor embed(const torch::Tensor& images, const Pass& pass) override {
        torch::Tensor x = apply(first_, firstNorm_, images, pass);
        if (stem_ == Stem::Imagenet) x = torch::max_pool2d(x, 3, 2, 1);  // commutes with ReLU
        x = x.relu_();
        for (const ResidualBlock& block : blocks_) x = block(x, pass);
        x = apply(head_, averagePool(x));
        return normalize_ ? unitRows(x) : x;
    }

    const std::vector<NamedTensor>& weights() const override { return build_.weights(); }
    const std::vector<NamedTensor>& statistics() const override { return build_.statistics(); }

private:
    LayerBuilder build_;
    Stem stem_;
    bool normalize_;
    Convolution first_;
    BatchNorm firstNorm_;
    std::vector<ResidualBlock> blocks_;
    Linear head_;
};

template <Stem stem>
std::unique_ptr<Encoder> makeResnet18(const CatalogEntry&, const ParameterValues&, const EncoderSetting& setting) {
    return std::make_unique<Resnet18>(stem, setting);
}

CatalogEntry resnet18Entry() {
    CatalogEntry entry;
    entry.source = "He et al., Deep Residual Learning for Image Recognition, CVPR 2016";
    entry.formula = "stem - 8 residual blocks of 64, 128, 256, 512 channels - mean - linear";
    return entry;
}

}  // namespace

EncoderRow resnet18CifarRow() {
    CatalogEntry entry = resnet18Entry();
    entry.id = "resnet18_cifar";
    entry.label = "ResNet-18, CIFAR stem";
    entry.group = "Small images";
    entry.help =
        "ResNet-18 that starts with a 3x3 convolution and keeps the full resolution. Separates far better than the "
        "small CNN on photographs of 32 to 64 pixels and takes about forty times as long on a CPU.";
    return {entry, makeResnet18<Stem::Cifar>};
}

EncoderRow resnet18ImagenetRow() {
    CatalogEntry entry = resnet18Entry();
    entry.id = "resnet18_imagenet";
    entry.label = "ResNet-18";
    entry.group = "Large images";
    entry.help =
        "ResNet-18 with its usual stem: a 7x7 convolution of stride 2 and a max-pool, so the picture is a quarter as "
        "wide before the first block. For images from about 96 pixels.";
    return {entry, makeResnet18<Stem::Imagenet>};
}

}  // namespace embedscope
