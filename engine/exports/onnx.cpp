// Field numbers are those of onnx.proto (github.com/onnx/onnx), operators those of opset 11, which OpenCV's dnn module
// and ONNX Runtime read.

#include "engine/exports/onnx.h"

#include "engine/exports/network.h"
#include "engine/exports/protobuf.h"

#include <cmath>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace embedscope {
namespace {

using Kind = NetworkLayer::Kind;
using Shape = std::vector<std::int64_t>;

constexpr int kIrVersion = 6, kOpset = 11;
constexpr int kFloat = 1;                                                  // TensorProto.DataType
constexpr int kFloatAttribute = 1, kIntAttribute = 2, kIntsAttribute = 7;  // AttributeProto.AttributeType
constexpr double kNormEpsilon = 1e-5;                                      // of the encoders' BatchNorm

ProtobufMessage ints(std::string_view name, const Shape& values) {
    ProtobufMessage attribute;
    attribute.text(1, name);
    for (const std::int64_t value : values) attribute.integer(8, value);
    attribute.integer(20, kIntsAttribute);
    return attribute;
}

ProtobufMessage integer(std::string_view name, std::int64_t value) {
    ProtobufMessage attribute;
    attribute.text(1, name).integer(3, value).integer(20, kIntAttribute);
    return attribute;
}

ProtobufMessage number(std::string_view name, float value) {
    ProtobufMessage attribute;
    attribute.text(1, name).single(2, value).integer(20, kFloatAttribute);
    return attribute;
}

/// [N, lengths…]; N is left open.
ProtobufMessage valueInfo(std::string_view name, const Shape& lengths) {
    ProtobufMessage shape;
    shape.message(1, ProtobufMessage().text(2, "N"));
    for (const std::int64_t length : lengths) shape.message(1, ProtobufMessage().integer(1, length));
    const ProtobufMessage tensor = ProtobufMessage().integer(1, kFloat).message(2, shape);
    return ProtobufMessage().text(1, name).message(2, ProtobufMessage().message(1, tensor));
}

/// A convolution and its BatchNorm as one.
struct Folded {
    std::vector<float> weight, bias;
};

Folded folded(const NetworkLayer& layer) {
    Folded result{layer.weight->values, {}};
    const std::size_t channels = layer.scale->values.size(), each = result.weight.size() / channels;
    for (std::size_t out = 0; out < channels; ++out) {
        const double factor =
            layer.scale->values[out] / std::sqrt(static_cast<double>(layer.variance->values[out]) + kNormEpsilon);
        for (std::size_t i = out * each; i < (out + 1) * each; ++i)
            result.weight[i] = static_cast<float>(result.weight[i] * factor);
        result.bias.push_back(static_cast<float>(layer.shift->values[out] - layer.mean->values[out] * factor));
    }
    return result;
}

class Graph {
public:
    /// A tensor that comes with the file. @return Its name.
    std::string constant(const std::string& name, const Shape& shape, std::span<const float> values) {
        ProtobufMessage tensor;
        for (const std::int64_t length : shape) tensor.integer(1, length);
        tensor.integer(2, kFloat).text(8, name);
        tensor.text(9, {reinterpret_cast<const char*>(values.data()), values.size_bytes()});
        graph_.message(5, tensor);
        return name;
    }

    void node(std::string_view type, const std::vector<std::string>& inputs, const std::string& output,
              const std::vector<ProtobufMessage>& attributes = {}) {
        ProtobufMessage node;
        for (const std::string& input : inputs) node.text(1, input);
        node.text(2, output).text(3, output).text(4, type);
        for (const ProtobufMessage& attribute : attributes) node.message(5, attribute);
        graph_.message(1, node);
    }

    ProtobufMessage& message() { return graph_; }

private:
    ProtobufMessage graph_;
};

/// "pixels" for what the first layer takes.
std::string outputOf(int layer) {
    return layer < 0 ? "pixels" : "layer" + std::to_string(layer);
}

void addConvolution(Graph& graph, const NetworkLayer& layer, const std::string& output) {
    const Folded both = folded(layer);
    const std::string weight = graph.constant(output + "_weight", layer.weight->shape, both.weight);
    const std::string bias = graph.constant(output + "_bias", {layer.weight->shape[0]}, both.bias);
    const std::int64_t window = layer.window, stride = layer.stride, padding = layer.padding;
    graph.node("Conv", {outputOf(layer.from), weight, bias}, output,
               {ints("kernel_shape", {window, window}), ints("strides", {stride, stride}),
                ints("pads", {padding, padding, padding, padding}), ints("dilations", {1, 1}), integer("group", 1)});
}

void addLinear(Graph& graph, const NetworkLayer& layer, const std::string& output) {
    const std::string weight = graph.constant(output + "_weight", layer.weight->shape, layer.weight->values);
    const std::string bias = graph.constant(output + "_bias", layer.shift->shape, layer.shift->values);
    graph.node("Gemm", {outputOf(layer.from), weight, bias}, output,
               {number("alpha", 1), number("beta", 1), integer("transA", 0), integer("transB", 1)});
}

void add(Graph& graph, const NetworkLayer& layer, const std::string& output) {
    const std::string input = outputOf(layer.from);
    const std::int64_t window = layer.window, stride = layer.stride, padding = layer.padding;
    switch (layer.kind) {
        case Kind::Convolution:
            return addConvolution(graph, layer, output);
        case Kind::MaxPool:
            return graph.node("MaxPool", {input}, output,
                              {ints("kernel_shape", {window, window}), ints("strides", {stride, stride}),
                               ints("pads", {padding, padding, padding, padding})});
        case Kind::Relu:
            return graph.node("Relu", {input}, output);
        case Kind::Add:
            return graph.node("Add", {input, outputOf(layer.other)}, output);
        case Kind::Mean:
            graph.node("GlobalAveragePool", {input}, output + "_mean");
            return graph.node("Flatten", {output + "_mean"}, output, {integer("axis", 1)});
        case Kind::Linear:
            return addLinear(graph, layer, output);
        case Kind::UnitLength:
            graph.node("ReduceL2", {input}, output + "_length", {ints("axes", {1}), integer("keepdims", 1)});
            return graph.node("Div", {input, output + "_length"}, output);
    }
}

/// Bytes to the encoder's input: a BatchNormalization of mean 0 and variance 1, which every reader knows.
void addPixelScale(Graph& graph, const KeptEncoder& encoder) {
    const std::int64_t channels = encoder.shape.channels;
    const std::vector<float> zeros(encoder.pixelFactor.size(), 0), ones(encoder.pixelFactor.size(), 1);
    graph.node("BatchNormalization",
               {"images", graph.constant("pixel_factor", {channels}, encoder.pixelFactor),
                graph.constant("pixel_offset", {channels}, encoder.pixelOffset),
                graph.constant("pixel_mean", {channels}, zeros), graph.constant("pixel_variance", {channels}, ones)},
               outputOf(-1), {number("epsilon", 0)});
}

}  // namespace

std::string onnxOf(const KeptEncoder& encoder) {
    const std::vector<NetworkLayer> layers = networkOf(encoder);
    Graph graph;
    addPixelScale(graph, encoder);
    for (std::size_t i = 0; i < layers.size(); ++i)
        add(graph, layers[i], i + 1 < layers.size() ? outputOf(static_cast<int>(i)) : "embeddings");
    graph.message()
        .text(2, encoder.weights.encoder.id)
        .message(11, valueInfo("images", {encoder.shape.channels, encoder.shape.height, encoder.shape.width}))
        .message(12, valueInfo("embeddings", {encoder.settings.embeddingDimension}));
    return ProtobufMessage()
        .integer(1, kIrVersion)
        .text(2, "embedscope")
        .text(3, programVersion())
        .message(7, graph.message())
        .message(8, ProtobufMessage().text(1, "").integer(2, kOpset))
        .bytes();
}

}  // namespace embedscope
