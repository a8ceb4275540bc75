#include "engine/exports/network_builder.h"

#include "engine/encoders/sine_positions.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

namespace embedscope {

using Kind = NetworkLayer::Kind;

NetworkBuilder::NetworkBuilder(const KeptEncoder& encoder) : encoder_(encoder) {
    for (const NamedValues& each : encoder.weights.tensors) named_[each.name] = &each;
}

const NamedValues* NetworkBuilder::axes(const std::string& name, std::size_t count) const {
    const auto found = named_.find(name);
    const auto fits = [count](const std::vector<std::int64_t>& shape) {
        return shape.size() == count && std::ranges::all_of(shape, [](std::int64_t length) { return length > 0; });
    };
    if (found == named_.end() || !fits(found->second->shape))
        throw std::runtime_error("The checkpoint's encoder has no \"" + name +
                                 "\" of the right shape; the run folder is damaged.");
    return found->second;
}

const NamedValues* NetworkBuilder::row(const std::string& name, std::int64_t length) const {
    const NamedValues* found = axes(name, 1);
    if (found->shape[0] != length)
        throw std::runtime_error("The checkpoint's \"" + name + "\" is of another length; the run folder is damaged.");
    return found;
}

NetworkLayer NetworkBuilder::sizeOf(int layer) const {
    if (layer >= 0) return layers_[static_cast<std::size_t>(layer)];
    NetworkLayer images;
    images.height = encoder_.shape.height;
    images.width = encoder_.shape.width;
    return images;
}

int NetworkBuilder::add(NetworkLayer layer) {
    layers_.push_back(std::move(layer));
    return last();
}

int NetworkBuilder::convolution(int from, const std::string& name, const std::string& norm, int stride) {
    NetworkLayer layer{.kind = Kind::Convolution, .from = from, .stride = stride};
    layer.weight = axes(name + ".weight", 4);
    layer.window = static_cast<int>(layer.weight->shape[2]);
    layer.padding = layer.window / 2;
    const std::int64_t channels = layer.weight->shape[0];
    // Of the encoders that are written here, only those over each channel for itself take one channel.
    const std::int64_t taken = from < 0 ? encoder_.shape.channels : sizeOf(from).channels;
    layer.groups = layer.weight->shape[1] == taken ? 1 : static_cast<int>(channels);
    if (layer.groups > 1 && layer.weight->shape[1] != 1)
        throw std::runtime_error("The checkpoint's \"" + name +
                                 ".weight\" does not fit the layer before it; the run folder is damaged.");
    layer.scale = row(norm + ".weight", channels);
    layer.shift = row(norm + ".bias", channels);
    layer.mean = row(norm + ".running_mean", channels);
    layer.variance = row(norm + ".running_var", channels);
    layer.channels = channels;
    const NetworkLayer before = sizeOf(from);
    layer.height = (before.height - 1) / stride + 1;
    layer.width = (before.width - 1) / stride + 1;
    return add(layer);
}

int NetworkBuilder::maxPool(int from, int window, int stride, int padding) {
    NetworkLayer layer{.kind = Kind::MaxPool, .from = from, .window = window, .stride = stride, .padding = padding};
    const NetworkLayer before = sizeOf(from);
    layer.channels = before.channels;
    layer.height = (before.height + 2 * padding - window) / stride + 1;
    layer.width = (before.width + 2 * padding - window) / stride + 1;
    return add(layer);
}

int NetworkBuilder::simple(Kind kind, int from) {
    NetworkLayer layer{.kind = kind, .from = from};
    const NetworkLayer before = sizeOf(from);
    layer.height = before.height;
    layer.width = before.width;
    layer.tokens = before.tokens;
    layer.channels = before.channels;
    if (kind == Kind::TokenMean || kind == Kind::FirstToken || kind == Kind::Mean)
        layer.tokens = layer.height = layer.width = 0;
    return add(layer);
}

int NetworkBuilder::sum(int from, int other) {
    const int added = simple(Kind::Add, from);
    layers_.back().other = other;
    return added;
}

int NetworkBuilder::scaleChannels(int picture, int rows) {
    const int added = simple(Kind::ScaleChannels, picture);
    layers_.back().other = rows;
    return added;
}

int NetworkBuilder::linear(int from, const std::string& name) {
    NetworkLayer layer{.kind = Kind::Linear, .from = from};
    layer.weight = axes(name + ".weight", 2);
    layer.channels = layer.weight->shape[0];
    layer.shift = row(name + ".bias", layer.channels);
    layer.tokens = sizeOf(from).tokens;
    return add(layer);
}

int NetworkBuilder::patches(const std::string& name, const std::string& token) {
    NetworkLayer layer{.kind = Kind::Patches};
    layer.weight = axes(name + ".weight", 2);
    layer.channels = layer.weight->shape[0];
    layer.shift = row(name + ".bias", layer.channels);
    const auto& [height, width, channels] = encoder_.shape;
    const std::int64_t side = std::llround(std::sqrt(static_cast<double>(layer.weight->shape[1]) / channels));
    if (side < 1 || side * side * channels != layer.weight->shape[1])
        throw std::runtime_error("The checkpoint's \"" + name + ".weight\" fits no patch; the run folder is damaged.");
    layer.window = layer.stride = static_cast<int>(side);
    layer.height = (height + side - 1) / side;
    layer.width = (width + side - 1) / side;
    layer.fillBelow = layer.height * side - height;
    layer.fillRight = layer.width * side - width;
    const torch::Tensor places = sinePositions(layer.height, layer.width, layer.channels).contiguous();
    layer.places.assign(places.data_ptr<float>(), places.data_ptr<float>() + places.numel());
    if (has(token)) layer.token = axes(token, 3);
    layer.tokens = layer.height * layer.width + (layer.token ? 1 : 0);
    return add(std::move(layer));
}

int NetworkBuilder::layerNorm(int from, const std::string& name) {
    const int added = simple(Kind::LayerNorm, from);
    NetworkLayer& layer = layers_.back();
    layer.scale = row(name + ".weight", layer.channels);
    layer.shift = row(name + ".bias", layer.channels);
    return added;
}

int NetworkBuilder::attention(int from) {
    const int added = simple(Kind::Attention, from);
    layers_.back().channels /= 3;
    return added;
}

std::vector<NetworkLayer> NetworkBuilder::end(const std::string& name) {
    linear(last(), name);
    if (encoder_.settings.normalizeEmbeddings) simple(Kind::UnitLength, last());
    return layers_;
}

}  // namespace embedscope
