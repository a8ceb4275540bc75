// He, Zhang, Ren, Sun: Deep Residual Learning for Image Recognition, CVPR 2016. The CIFAR stem is that of SimCLR; the
// bottleneck has its stride in the 3x3 convolution, as torchvision's, and the names of the weights are torchvision's.

#include "engine/encoders/resnet.h"

#include "engine/encoders/layers.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace embedscope {
namespace {

struct NormedConvolution {
    Convolution convolution;
    BatchNorm norm;
};

class ResidualBlock {
public:
    ResidualBlock(LayerBuilder& build, const std::string& name, int in, int width, int stride, bool bottleneck) {
        const auto add = [&](int number, int from, int to, int kernel, int step) {
            const std::string digit = std::to_string(number);
            path_.push_back({build.convolution(name + ".conv" + digit, from, to, kernel, step),
                             build.batchNorm(name + ".bn" + digit, to)});
        };
        const int out = bottleneck ? 4 * width : width;
        if (bottleneck) {
            add(1, in, width, 1, 1);
            add(2, width, width, 3, stride);
            add(3, width, out, 1, 1);
        } else {
            add(1, in, width, 3, stride);
            add(2, width, width, 3, 1);
        }
        if (stride == 1 && in == out) return;
        shortcut_ = {build.convolution(name + ".downsample.0", in, out, 1, stride),
                     build.batchNorm(name + ".downsample.1", out)};
    }

    torch::Tensor operator()(const torch::Tensor& x, const Pass& pass) const {
        torch::Tensor inner = x;
        for (std::size_t i = 0; i + 1 < path_.size(); ++i)
            inner = apply(path_[i].convolution, path_[i].norm, inner, pass).relu_();
        const torch::Tensor past = shortcut_ ? apply(shortcut_->convolution, shortcut_->norm, x, pass) : x;
        return apply(path_.back().convolution, path_.back().norm, inner, pass).add_(past).relu_();
    }

private:
    std::vector<NormedConvolution> path_;
    std::optional<NormedConvolution> shortcut_;
};

class Resnet : public Encoder {
public:
    Resnet(const ResnetShape& shape, const EncoderSetting& setting)
        : build_(setting.seed, setting.device),
          stem_(shape.stem),
          normalize_(setting.normalize),
          first_{stem_ == ResnetShape::Stem::Cifar ? build_.convolution("conv1", setting.channels, 64, 3)
                                                   : build_.convolution("conv1", setting.channels, 64, 7, 2),
                 build_.batchNorm("bn1", 64)} {
        int in = 64;
        for (int layer = 0; layer < 4; ++layer) {
            const int width = 64 << layer;
            for (int block = 0; block < shape.blocks[layer]; ++block) {
                const std::string name = "layer" + std::to_string(layer + 1) + '.' + std::to_string(block);
                blocks_.emplace_back(build_, name, in, width, layer > 0 && block == 0 ? 2 : 1, shape.bottleneck);
                in = shape.bottleneck ? 4 * width : width;
            }
        }
        head_ = build_.linear("fc", in, setting.dimension);
    }

    torch::Tensor embed(const torch::Tensor& images, const Pass& pass) override {
        torch::Tensor x = apply(first_.convolution, first_.norm, images, pass);
        if (stem_ == ResnetShape::Stem::Imagenet) x = torch::max_pool2d(x, 3, 2, 1);  // commutes with ReLU
        x = x.relu_();
        for (const ResidualBlock& block : blocks_) x = block(x, pass);
        x = apply(head_, averagePool(x));
        return normalize_ ? unitRows(x) : x;
    }

    const std::vector<NamedTensor>& weights() const override { return build_.weights(); }
    const std::vector<NamedTensor>& statistics() const override { return build_.statistics(); }

private:
    LayerBuilder build_;
    ResnetShape::Stem stem_;
    bool normalize_;
    NormedConvolution first_;
    std::vector<ResidualBlock> blocks_;
    Linear head_;
};

}  // namespace

std::unique_ptr<Encoder> makeResnet(const ResnetShape& shape, const EncoderSetting& setting) {
    return std::make_unique<Resnet>(shape, setting);
}

CatalogEntry resnetEntry(ResnetShape::Stem stem, int depth, std::string help) {
    const bool small = stem == ResnetShape::Stem::Cifar;
    const std::string number = std::to_string(depth);
    CatalogEntry entry;
    entry.id = "resnet" + number + (small ? "_cifar" : "_imagenet");
    entry.label = "ResNet-" + number + (small ? ", CIFAR stem" : "");
    entry.group = small ? "Small images" : "Large images";
    entry.help = std::move(help);
    entry.source = "He et al., Deep Residual Learning for Image Recognition, CVPR 2016";
    return entry;
}

}  // namespace embedscope
