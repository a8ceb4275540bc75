#include "engine/exports/onnx_tokens.h"

#include "engine/encoders/vit_shape.h"

#include <cmath>
#include <cstdint>
#include <stdexcept>
#include <vector>

namespace embedscope {
namespace {

using Shape = std::vector<std::int64_t>;

/// [T, channels]: what is added to the tokens. The token before the patches is all in it: there is nothing before.
std::vector<float> placesOf(const NetworkLayer& layer) {
    std::vector<float> places;
    if (layer.token) places = layer.token->values;
    if (layer.token && places.size() != static_cast<std::size_t>(layer.channels))
        throw std::runtime_error("The checkpoint's class token is of another length; the run folder is damaged.");
    places.insert(places.end(), layer.places.begin(), layer.places.end());
    return places;
}

/// One of query, key and value of all heads: [N, heads, tokens, 64], or its last axes swapped for the key.
std::string addHeads(OnnxGraph& graph, const NetworkLayer& layer, std::int64_t part, const Shape& order,
                     const std::string& output) {
    const std::int64_t begin = part * layer.channels;
    graph.node("Slice",
               {onnxOutputOf(layer.from), graph.integers(output + "_begin", {begin}),
                graph.integers(output + "_end", {begin + layer.channels}), graph.integers(output + "_axis", {2})},
               output + "_part");
    const Shape heads{0, layer.tokens, layer.channels / kVitHeadWidth, kVitHeadWidth};
    graph.node("Reshape", {output + "_part", graph.integers(output + "_shape", heads)}, output + "_split");
    graph.node("Transpose", {output + "_split"}, output, {onnxInts("perm", order)});
    return output;
}

/// [N, T, D] of one token to [N, D].
void addRows(OnnxGraph& graph, const NetworkLayer& layer, const std::string& output) {
    graph.node("Reshape", {output + "_token", graph.integers(output + "_shape", {0, layer.channels})}, output);
}

}  // namespace

void addPatches(OnnxGraph& graph, const NetworkLayer& layer, const std::string& colours, std::int64_t channels,
                const std::string& output) {
    std::string input = colours;
    if (layer.fillRight + layer.fillBelow > 0) {
        const std::string pads = graph.integers(output + "_fill", {0, 0, 0, 0, 0, 0, layer.fillBelow, layer.fillRight});
        graph.node("Pad", {input, pads}, output + "_whole", {onnxText("mode", "constant")});
        input = output + "_whole";
    }
    const std::int64_t side = layer.window, patches = layer.height * layer.width;
    const std::string weight =
        graph.constant(output + "_weight", {layer.channels, channels, side, side}, layer.weight->values);
    const std::string bias = graph.constant(output + "_bias", layer.shift->shape, layer.shift->values);
    graph.node("Conv", {input, weight, bias}, output + "_picture",
               {onnxInts("kernel_shape", {side, side}), onnxInts("strides", {side, side}),
                onnxInts("pads", {0, 0, 0, 0}), onnxInts("dilations", {1, 1}), onnxInteger("group", 1)});
    graph.node("Reshape", {output + "_picture", graph.integers(output + "_shape", {0, layer.channels, patches})},
               output + "_columns");
    std::string tokens = output + "_patches";
    graph.node("Transpose", {output + "_columns"}, tokens, {onnxInts("perm", {0, 2, 1})});
    if (layer.token) {
        graph.node("Pad", {tokens, graph.integers(output + "_before", {0, 1, 0, 0, 0, 0})}, output + "_tokens",
                   {onnxText("mode", "constant")});
        tokens = output + "_tokens";
    }
    graph.node("Add", {tokens, graph.constant(output + "_places", {layer.tokens, layer.channels}, placesOf(layer))},
               output);
}

void addAttention(OnnxGraph& graph, const NetworkLayer& layer, const std::string& output) {
    const std::string query = addHeads(graph, layer, 0, {0, 2, 1, 3}, output + "_query");
    const std::string key = addHeads(graph, layer, 1, {0, 2, 3, 1}, output + "_key");
    const std::string value = addHeads(graph, layer, 2, {0, 2, 1, 3}, output + "_value");
    const std::string root = graph.number(output + "_root", static_cast<float>(1 / std::sqrt(1.0 * kVitHeadWidth)));
    graph.node("Mul", {query, root}, output + "_scaled");
    graph.node("MatMul", {output + "_scaled", key}, output + "_fit");
    graph.node("Softmax", {output + "_fit"}, output + "_share", {onnxInteger("axis", 3)});
    graph.node("MatMul", {output + "_share", value}, output + "_heads");
    graph.node("Transpose", {output + "_heads"}, output + "_joined", {onnxInts("perm", {0, 2, 1, 3})});
    graph.node("Reshape", {output + "_joined", graph.integers(output + "_shape", {0, layer.tokens, layer.channels})},
               output);
}

void addLayerNorm(OnnxGraph& graph, const NetworkLayer& layer, const std::string& output) {
    const std::vector<float> ones(static_cast<std::size_t>(layer.tokens), 1), zeros(ones.size(), 0);
    graph.node("InstanceNormalization",
               {onnxOutputOf(layer.from), graph.constant(output + "_ones", {layer.tokens}, ones),
                graph.constant(output + "_zeros", {layer.tokens}, zeros)},
               output, {onnxNumber("epsilon", kVitNormEpsilon)});
}

void addFirstToken(OnnxGraph& graph, const NetworkLayer& layer, const std::string& output) {
    graph.node("Slice",
               {onnxOutputOf(layer.from), graph.integers(output + "_begin", {0}), graph.integers(output + "_end", {1}),
                graph.integers(output + "_axis", {1})},
               output + "_token");
    addRows(graph, layer, output);
}

void addTokenMean(OnnxGraph& graph, const NetworkLayer& layer, const std::string& output) {
    graph.node("ReduceMean", {onnxOutputOf(layer.from)}, output + "_token",
               {onnxInts("axes", {1}), onnxInteger("keepdims", 1)});
    addRows(graph, layer, output);
}

void addGelu(OnnxGraph& graph, const std::string& input, const std::string& output) {
    graph.node("Mul", {input, graph.number(output + "_root", static_cast<float>(std::sqrt(0.5)))}, output + "_scaled");
    graph.node("Erf", {output + "_scaled"}, output + "_erf");
    graph.node("Add", {output + "_erf", graph.number(output + "_one", 1)}, output + "_above");
    graph.node("Mul", {input, output + "_above"}, output + "_twice");
    graph.node("Mul", {output + "_twice", graph.number(output + "_half", 0.5F)}, output);
}

}  // namespace embedscope
