#include "engine/exports/network.h"

#include <algorithm>
#include <map>
#include <stdexcept>
#include <string_view>

namespace embedscope {
namespace {

using Kind = NetworkLayer::Kind;

/// Puts layers behind each other, with their weights by name.
class NetworkBuilder {
public:
    explicit NetworkBuilder(const KeptEncoder& encoder) : encoder_(encoder) {
        for (const NamedValues& each : encoder.weights.tensors) named_[each.name] = &each;
    }

    int last() const { return static_cast<int>(layers_.size()) - 1; }
    bool has(const std::string& name) const { return named_.contains(name + ".weight"); }

    /// Padded so that stride 1 keeps height and width. @return Its index, as all of these.
    int convolution(int from, const std::string& name, const std::string& norm, int stride = 1) {
        NetworkLayer layer{.kind = Kind::Convolution, .from = from, .stride = stride};
        layer.weight = axes(name + ".weight", 4);
        layer.window = static_cast<int>(layer.weight->shape[2]);
        layer.padding = layer.window / 2;
        const auto channels = layer.weight->shape[0];
        layer.scale = row(norm + ".weight", channels);
        layer.shift = row(norm + ".bias", channels);
        layer.mean = row(norm + ".running_mean", channels);
        layer.variance = row(norm + ".running_var", channels);
        return add(layer);
    }
    int maxPool(int from, int window, int stride, int padding) {
        return add({.kind = Kind::MaxPool, .from = from, .window = window, .stride = stride, .padding = padding});
    }
    int relu(int from) { return add({.kind = Kind::Relu, .from = from}); }
    int sum(int from, int other) { return add({.kind = Kind::Add, .from = from, .other = other}); }

    /// What all of these encoders end with.
    std::vector<NetworkLayer> end(const std::string& name) {
        add({.kind = Kind::Mean, .from = last()});
        NetworkLayer linear{.kind = Kind::Linear, .from = last()};
        linear.weight = axes(name + ".weight", 2);
        linear.shift = row(name + ".bias", linear.weight->shape[0]);
        add(linear);
        if (encoder_.settings.normalizeEmbeddings) add({.kind = Kind::UnitLength, .from = last()});
        return layers_;
    }

private:
    int add(const NetworkLayer& layer) {
        layers_.push_back(layer);
        return last();
    }
    const NamedValues* axes(const std::string& name, std::size_t count) const {
        const auto found = named_.find(name);
        const auto fits = [count](const std::vector<std::int64_t>& shape) {
            return shape.size() == count && std::ranges::all_of(shape, [](std::int64_t length) { return length > 0; });
        };
        if (found == named_.end() || !fits(found->second->shape))
            throw std::runtime_error("The checkpoint's encoder has no \"" + name +
                                     "\" of the right shape; the run folder is damaged.");
        return found->second;
    }
    const NamedValues* row(const std::string& name, std::int64_t length) const {
        const NamedValues* found = axes(name, 1);
        if (found->shape[0] != length)
            throw std::runtime_error("The checkpoint's \"" + name +
                                     "\" is of another length; the run folder is damaged.");
        return found;
    }

    const KeptEncoder& encoder_;
    std::map<std::string_view, const NamedValues*> named_;
    std::vector<NetworkLayer> layers_;
};

std::vector<NetworkLayer> smallCnn(NetworkBuilder& build) {
    for (const char* block : {"block1", "block2", "block3"}) {
        build.convolution(build.last(), block + std::string(".conv"), block + std::string(".norm"));
        build.maxPool(build.last(), 2, 2, 0);
        build.relu(build.last());
    }
    return build.end("head");
}

std::vector<NetworkLayer> deepCnn(NetworkBuilder& build) {
    constexpr int kStages = 4;
    for (int stage = 1; stage <= kStages; ++stage) {
        const std::string name = "stage" + std::to_string(stage);
        for (const char* number : {"1", "2"}) {
            build.convolution(build.last(), name + ".conv" + number, name + ".norm" + number);
            if (*number == '2' && stage < kStages) build.maxPool(build.last(), 2, 2, 0);
            build.relu(build.last());
        }
    }
    return build.end("head");
}

/// The stride of a block is in its first 3x3 convolution, as in resnet.cpp.
void residualBlock(NetworkBuilder& build, const std::string& name, int stride) {
    const int input = build.last();
    const int count = build.has(name + ".conv3") ? 3 : 2;
    const int strided = count == 3 ? 2 : 1;
    for (int i = 1; i <= count; ++i) {
        const std::string digit = std::to_string(i);
        build.convolution(build.last(), name + ".conv" + digit, name + ".bn" + digit, i == strided ? stride : 1);
        if (i < count) build.relu(build.last());
    }
    const int path = build.last();
    const bool shortens = build.has(name + ".downsample.0");
    const int past =
        shortens ? build.convolution(input, name + ".downsample.0", name + ".downsample.1", stride) : input;
    build.relu(build.sum(path, past));
}

std::vector<NetworkLayer> resnet(NetworkBuilder& build, bool imagenetStem) {
    build.convolution(-1, "conv1", "bn1", imagenetStem ? 2 : 1);
    if (imagenetStem) build.maxPool(build.last(), 3, 2, 1);
    build.relu(build.last());
    for (int layer = 1; layer <= 4; ++layer)
        for (int block = 0;; ++block) {
            const std::string name = "layer" + std::to_string(layer) + '.' + std::to_string(block);
            if (!build.has(name + ".conv1")) break;
            residualBlock(build, name, layer > 1 && block == 0 ? 2 : 1);
        }
    return build.end("fc");
}

}  // namespace

std::vector<NetworkLayer> networkOf(const KeptEncoder& encoder) {
    const std::string& id = encoder.weights.encoder.id;
    NetworkBuilder build(encoder);
    if (id == "small_cnn") return smallCnn(build);
    if (id == "deep_cnn") return deepCnn(build);
    if (id.starts_with("resnet")) return resnet(build, id.ends_with("_imagenet"));
    throw std::runtime_error("The encoder \"" + id +
                             "\" cannot be written as a network; small_cnn, deep_cnn and the ResNets can. Its weights "
                             "can be exported as safetensors.");
}

}  // namespace embedscope
