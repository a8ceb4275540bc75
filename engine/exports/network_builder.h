#pragma once

#include "engine/exports/network.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace embedscope {

/// Puts layers behind each other, with their weights by name. Every call returns the index of its layer and throws
/// std::runtime_error if the weights lack what it names.
class NetworkBuilder {
public:
    explicit NetworkBuilder(const KeptEncoder& encoder);

    const ImageShape& shape() const { return encoder_.shape; }
    int last() const { return static_cast<int>(layers_.size()) - 1; }
    bool has(const std::string& name) const { return named_.contains(name); }
    /// @throws std::runtime_error if there is none with so many axes.
    const NamedValues* axes(const std::string& name, std::size_t count) const;

    /// Padded so that stride 1 keeps height and width. @param groups Those that its weight tells.
    int convolution(int from, const std::string& name, const std::string& norm, int stride = 1);
    int maxPool(int from, int window, int stride, int padding);
    int sum(int from, int other);
    int scaleChannels(int picture, int rows);
    int linear(int from, const std::string& name);
    int patches(const std::string& name, const std::string& token);
    int layerNorm(int from, const std::string& name);
    int attention(int from);
    /// Relu, HardSwish, HardSigmoid, Gelu, Mean, TokenMean, FirstToken.
    int simple(NetworkLayer::Kind kind, int from);

    /// What all of these encoders end with.
    std::vector<NetworkLayer> end(const std::string& name);

private:
    int add(NetworkLayer layer);
    const NamedValues* row(const std::string& name, std::int64_t length) const;
    /// The layer, or the images, whose size a picture has.
    NetworkLayer sizeOf(int layer) const;

    const KeptEncoder& encoder_;
    std::map<std::string_view, const NamedValues*> named_;
    std::vector<NetworkLayer> layers_;
};

}  // namespace embedscope
