#include "engine/exports/network.h"

#include "engine/encoders/mobilenet_rows.h"
#include "engine/exports/network_builder.h"

#include <stdexcept>

namespace embedscope {
namespace {

using Kind = NetworkLayer::Kind;

std::vector<NetworkLayer> smallCnn(NetworkBuilder& build) {
    for (const char* block : {"block1", "block2", "block3"}) {
        build.convolution(build.last(), block + std::string(".conv"), block + std::string(".norm"));
        build.maxPool(build.last(), 2, 2, 0);
        build.simple(Kind::Relu, build.last());
    }
    build.simple(Kind::Mean, build.last());
    return build.end("head");
}

std::vector<NetworkLayer> deepCnn(NetworkBuilder& build) {
    constexpr int kStages = 4;
    for (int stage = 1; stage <= kStages; ++stage) {
        const std::string name = "stage" + std::to_string(stage);
        for (const char* number : {"1", "2"}) {
            build.convolution(build.last(), name + ".conv" + number, name + ".norm" + number);
            if (*number == '2' && stage < kStages) build.maxPool(build.last(), 2, 2, 0);
            build.simple(Kind::Relu, build.last());
        }
    }
    build.simple(Kind::Mean, build.last());
    return build.end("head");
}

/// The stride of a block is in its first 3x3 convolution, as in resnet.cpp.
void residualBlock(NetworkBuilder& build, const std::string& name, int stride) {
    const int input = build.last();
    const int count = build.has(name + ".conv3.weight") ? 3 : 2;
    const int strided = count == 3 ? 2 : 1;
    for (int i = 1; i <= count; ++i) {
        const std::string digit = std::to_string(i);
        build.convolution(build.last(), name + ".conv" + digit, name + ".bn" + digit, i == strided ? stride : 1);
        if (i < count) build.simple(Kind::Relu, build.last());
    }
    const int path = build.last();
    const bool shortens = build.has(name + ".downsample.0.weight");
    const int past =
        shortens ? build.convolution(input, name + ".downsample.0", name + ".downsample.1", stride) : input;
    build.simple(Kind::Relu, build.sum(path, past));
}

std::vector<NetworkLayer> resnet(NetworkBuilder& build, bool imagenetStem) {
    build.convolution(-1, "conv1", "bn1", imagenetStem ? 2 : 1);
    if (imagenetStem) build.maxPool(build.last(), 3, 2, 1);
    build.simple(Kind::Relu, build.last());
    for (int layer = 1; layer <= 4; ++layer)
        for (int block = 0;; ++block) {
            const std::string name = "layer" + std::to_string(layer) + '.' + std::to_string(block);
            if (!build.has(name + ".conv1.weight")) break;
            residualBlock(build, name, layer > 1 && block == 0 ? 2 : 1);
        }
    build.simple(Kind::Mean, build.last());
    return build.end("fc");
}

void squeezeExcite(NetworkBuilder& build, const std::string& name) {
    const int picture = build.last();
    build.simple(Kind::Mean, picture);
    build.simple(Kind::Relu, build.linear(build.last(), name + ".fc1"));
    const int rows = build.simple(Kind::HardSigmoid, build.linear(build.last(), name + ".fc2"));
    build.scaleChannels(picture, rows);
}

/// Widens, looks at each channel for itself, narrows: as in mobilenet_v3_small.cpp. @param in Channels.
void invertedResidual(NetworkBuilder& build, const std::string& name, int in, const MobilenetRow& row, int stride) {
    const Kind activation = row.activation == MobilenetRow::Activation::Relu ? Kind::Relu : Kind::HardSwish;
    const int input = build.last();
    int number = 0;
    const auto convolution = [&](int step) {
        const std::string part = name + '.' + std::to_string(number++);
        return build.convolution(build.last(), part + ".0", part + ".1", step);
    };
    if (row.expanded != in) build.simple(activation, convolution(1));
    build.simple(activation, convolution(stride));
    if (row.squeeze) squeezeExcite(build, name + '.' + std::to_string(number++));
    const int path = convolution(1);
    if (row.stride == 1 && in == row.out) build.sum(path, input);
}

std::vector<NetworkLayer> mobilenet(NetworkBuilder& build) {
    const bool small = mobilenetKeepsSize(build.shape().height, build.shape().width);
    build.simple(Kind::HardSwish, build.convolution(-1, "features.0.0", "features.0.1", small ? 1 : 2));
    int in = kMobilenetStemChannels, number = 1;
    for (const MobilenetRow& row : kMobilenetRows) {
        const int stride = small && number == 1 ? 1 : row.stride;
        invertedResidual(build, "features." + std::to_string(number++) + ".block", in, row, stride);
        in = row.out;
    }
    const std::string last = "features." + std::to_string(number);
    build.simple(Kind::HardSwish, build.convolution(build.last(), last + ".0", last + ".1"));
    build.simple(Kind::Mean, build.last());
    return build.end("head");
}

std::vector<NetworkLayer> vit(NetworkBuilder& build) {
    const std::string token = "cls_token";
    build.patches("patch_embed.proj", token);
    for (int number = 0;; ++number) {
        const std::string name = "blocks." + std::to_string(number);
        if (!build.has(name + ".norm1.weight")) break;
        const int input = build.last();
        build.attention(build.linear(build.layerNorm(input, name + ".norm1"), name + ".attn.qkv"));
        const int seen = build.sum(input, build.linear(build.last(), name + ".attn.proj"));
        build.simple(Kind::Gelu, build.linear(build.layerNorm(seen, name + ".norm2"), name + ".mlp.fc1"));
        build.sum(seen, build.linear(build.last(), name + ".mlp.fc2"));
    }
    build.layerNorm(build.last(), "norm");
    build.simple(build.has(token) ? Kind::FirstToken : Kind::TokenMean, build.last());
    return build.end("head");
}

}  // namespace

std::vector<NetworkLayer> networkOf(const KeptEncoder& encoder) {
    const std::string& id = encoder.weights.encoder.id;
    NetworkBuilder build(encoder);
    if (id == "small_cnn") return smallCnn(build);
    if (id == "deep_cnn") return deepCnn(build);
    if (id.starts_with("resnet")) return resnet(build, id.ends_with("_imagenet"));
    if (id == "mobilenet_v3_small") return mobilenet(build);
    if (id == "vit") return vit(build);
    if (id == "torchscript")
        throw std::runtime_error(
            "A TorchScript file of your own is a program, and not every program is an ONNX network; export it as "
            "torchscript and convert that with torch.onnx.export in Python.");
    throw std::runtime_error("The encoder \"" + id +
                             "\" cannot be written as a network. Its weights can be exported as safetensors.");
}

}  // namespace embedscope
