// Field numbers are those of onnx.proto (github.com/onnx/onnx), operators those of opset 11, which OpenCV's dnn module
// and ONNX Runtime read. OpenCV 4.6 broadcasts little: what it lacks is said in other operators, see below.

#include "engine/exports/onnx.h"

#include "engine/exports/network.h"
#include "engine/exports/onnx_graph.h"
#include "engine/exports/onnx_tokens.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <stdexcept>
#include <vector>

namespace embedscope {
namespace {

using Kind = NetworkLayer::Kind;
using Shape = std::vector<std::int64_t>;
using Layers = std::vector<NetworkLayer>;

constexpr int kIrVersion = 6, kOpset = 11;
constexpr double kNormEpsilon = 1e-5;  // of the encoders' BatchNorm

/// A convolution and its BatchNorm, or a linear layer and the LayerNorm before it, as one.
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

/// The LayerNorm whose rows, or the mean or first of them, go into this layer; null: none. OpenCV 4.6 cannot multiply
/// the last axis by a row of numbers, so its scale and shift go into the weights behind it.
const NetworkLayer* normBefore(const Layers& layers, const NetworkLayer& linear) {
    if (linear.from < 0) return nullptr;
    const NetworkLayer* before = &layers[static_cast<std::size_t>(linear.from)];
    if (before->kind == Kind::TokenMean || before->kind == Kind::FirstToken)
        before = &layers[static_cast<std::size_t>(before->from)];
    return before->kind == Kind::LayerNorm ? before : nullptr;
}

Folded folded(const NetworkLayer& linear, const NetworkLayer* norm) {
    Folded result{linear.weight->values, linear.shift->values};
    if (!norm) return result;
    const auto in = static_cast<std::size_t>(linear.weight->shape[1]);
    if (norm->scale->values.size() != in)
        throw std::runtime_error("The checkpoint's layers do not fit each other; the run folder is damaged.");
    for (std::size_t out = 0; out < result.bias.size(); ++out) {
        double shift = 0;
        for (std::size_t i = 0; i < in; ++i) {
            float& weight = result.weight[out * in + i];
            shift += static_cast<double>(weight) * norm->shift->values[i];
            weight *= norm->scale->values[i];
        }
        result.bias[out] += static_cast<float>(shift);
    }
    return result;
}

/// [rows, columns] to [columns, rows].
std::vector<float> transposed(const std::vector<float>& values, std::size_t rows) {
    const std::size_t columns = values.size() / rows;
    std::vector<float> result(values.size());
    for (std::size_t row = 0; row < rows; ++row)
        for (std::size_t column = 0; column < columns; ++column)
            result[column * rows + row] = values[row * columns + column];
    return result;
}

void addConvolution(OnnxGraph& graph, const NetworkLayer& layer, const std::string& output) {
    const Folded both = folded(layer);
    const std::string weight = graph.constant(output + "_weight", layer.weight->shape, both.weight);
    const std::string bias = graph.constant(output + "_bias", {layer.weight->shape[0]}, both.bias);
    const std::int64_t window = layer.window, stride = layer.stride, padding = layer.padding;
    graph.node("Conv", {onnxOutputOf(layer.from), weight, bias}, output,
               {onnxInts("kernel_shape", {window, window}), onnxInts("strides", {stride, stride}),
                onnxInts("pads", {padding, padding, padding, padding}), onnxInts("dilations", {1, 1}),
                onnxInteger("group", layer.groups)});
}

void addLinear(OnnxGraph& graph, const Layers& layers, const NetworkLayer& layer, const std::string& output) {
    const Folded both = folded(layer, normBefore(layers, layer));
    const std::string input = onnxOutputOf(layer.from), weight = output + "_weight";
    const std::string bias = graph.constant(output + "_bias", layer.shift->shape, both.bias);
    const Shape& shape = layer.weight->shape;
    if (layer.tokens == 0) {
        graph.node("Gemm", {input, graph.constant(weight, shape, both.weight), bias}, output,
                   {onnxNumber("alpha", 1), onnxNumber("beta", 1), onnxInteger("transA", 0), onnxInteger("transB", 1)});
        return;
    }
    graph.constant(weight, {shape[1], shape[0]}, transposed(both.weight, static_cast<std::size_t>(shape[0])));
    graph.node("MatMul", {input, weight}, output + "_product");
    graph.node("Add", {output + "_product", bias}, output);
}

void addHardSigmoid(OnnxGraph& graph, const std::string& input, const std::string& output) {
    graph.node("HardSigmoid", {input}, output, {onnxNumber("alpha", 1.0F / 6), onnxNumber("beta", 0.5F)});
}

/// The rows as pictures as large as that which they scale, since OpenCV 4.6 multiplies only what is of one shape.
void addScaleChannels(OnnxGraph& graph, const NetworkLayer& layer, const std::string& output) {
    const std::string shape = graph.integers(output + "_shape", {0, layer.channels, 1, 1});
    graph.node("Reshape", {onnxOutputOf(layer.other), shape}, output + "_points");
    const std::vector<float> scales{1, 1, static_cast<float>(layer.height), static_cast<float>(layer.width)};
    graph.node("Resize", {output + "_points", "", graph.constant(output + "_scales", {4}, scales)}, output + "_planes",
               {onnxText("mode", "nearest")});
    graph.node("Mul", {onnxOutputOf(layer.from), output + "_planes"}, output);
}

void add(OnnxGraph& graph, const KeptEncoder& encoder, const Layers& layers, const NetworkLayer& layer,
         const std::string& output) {
    const std::string input = onnxOutputOf(layer.from);
    const std::int64_t window = layer.window, stride = layer.stride, padding = layer.padding;
    switch (layer.kind) {
        case Kind::Convolution:
            return addConvolution(graph, layer, output);
        case Kind::MaxPool:
            return graph.node("MaxPool", {input}, output,
                              {onnxInts("kernel_shape", {window, window}), onnxInts("strides", {stride, stride}),
                               onnxInts("pads", {padding, padding, padding, padding})});
        case Kind::Relu:
            return graph.node("Relu", {input}, output);
        case Kind::HardSwish:  // an operator of its own only from opset 14 on
            addHardSigmoid(graph, input, output + "_gate");
            return graph.node("Mul", {input, output + "_gate"}, output);
        case Kind::HardSigmoid:
            return addHardSigmoid(graph, input, output);
        case Kind::Gelu:
            return addGelu(graph, input, output);
        case Kind::Add:
            return graph.node("Add", {input, onnxOutputOf(layer.other)}, output);
        case Kind::ScaleChannels:
            return addScaleChannels(graph, layer, output);
        case Kind::Mean:
            graph.node("GlobalAveragePool", {input}, output + "_mean");
            return graph.node("Flatten", {output + "_mean"}, output, {onnxInteger("axis", 1)});
        case Kind::Linear:
            return addLinear(graph, layers, layer, output);
        case Kind::Patches:
            return addPatches(graph, layer, input, encoder.shape.channels, output);
        case Kind::LayerNorm:
            return addLayerNorm(graph, layer, output);
        case Kind::Attention:
            return addAttention(graph, layer, output);
        case Kind::TokenMean:
            return addTokenMean(graph, layer, output);
        case Kind::FirstToken:
            return addFirstToken(graph, layer, output);
        case Kind::UnitLength:
            graph.node("ReduceL2", {input}, output + "_length", {onnxInts("axes", {1}), onnxInteger("keepdims", 1)});
            return graph.node("Div", {input, output + "_length"}, output);
    }
}

/// Bytes to the encoder's input: a BatchNormalization of mean 0 and variance 1, which every reader knows.
void addPixelScale(OnnxGraph& graph, const KeptEncoder& encoder) {
    const std::int64_t channels = encoder.shape.channels;
    const std::vector<float> zeros(encoder.pixelFactor.size(), 0), ones(encoder.pixelFactor.size(), 1);
    graph.node("BatchNormalization",
               {"images", graph.constant("pixel_factor", {channels}, encoder.pixelFactor),
                graph.constant("pixel_offset", {channels}, encoder.pixelOffset),
                graph.constant("pixel_mean", {channels}, zeros), graph.constant("pixel_variance", {channels}, ones)},
               onnxOutputOf(-1), {onnxNumber("epsilon", 0)});
}

}  // namespace

std::string onnxOf(const KeptEncoder& encoder) {
    const std::vector<NetworkLayer> layers = networkOf(encoder);
    OnnxGraph graph;
    addPixelScale(graph, encoder);
    for (std::size_t i = 0; i < layers.size(); ++i)
        add(graph, encoder, layers, layers[i],
            i + 1 < layers.size() ? onnxOutputOf(static_cast<int>(i)) : "embeddings");
    graph.message()
        .text(2, encoder.weights.encoder.id)
        .message(11, onnxFloats("images", {encoder.shape.channels, encoder.shape.height, encoder.shape.width}))
        .message(12, onnxFloats("embeddings", {encoder.settings.embeddingDimension}));
    return ProtobufMessage()
        .integer(1, kIrVersion)
        .text(2, "embedscope")
        .text(3, programVersion())
        .message(7, graph.message())
        .message(8, ProtobufMessage().text(1, "").integer(2, kOpset))
        .bytes();
}

}  // namespace embedscope
