#include "engine/exports/onnx_graph.h"

namespace embedscope {
namespace {

constexpr int kFloat = 1, kInt64 = 7;                                                            // TensorProto.DataType
constexpr int kFloatAttribute = 1, kIntAttribute = 2, kStringAttribute = 3, kIntsAttribute = 7;  // AttributeType

}  // namespace

std::string onnxOutputOf(int layer) {
    return layer < 0 ? "pixels" : "layer" + std::to_string(layer);
}

ProtobufMessage onnxInts(std::string_view name, const std::vector<std::int64_t>& values) {
    ProtobufMessage attribute;
    attribute.text(1, name);
    for (const std::int64_t value : values) attribute.integer(8, value);
    attribute.integer(20, kIntsAttribute);
    return attribute;
}

ProtobufMessage onnxInteger(std::string_view name, std::int64_t value) {
    ProtobufMessage attribute;
    attribute.text(1, name).integer(3, value).integer(20, kIntAttribute);
    return attribute;
}

ProtobufMessage onnxNumber(std::string_view name, double value) {
    ProtobufMessage attribute;
    attribute.text(1, name).single(2, static_cast<float>(value)).integer(20, kFloatAttribute);
    return attribute;
}

ProtobufMessage onnxText(std::string_view name, std::string_view value) {
    ProtobufMessage attribute;
    attribute.text(1, name).text(4, value).integer(20, kStringAttribute);
    return attribute;
}

ProtobufMessage onnxFloats(std::string_view name, const std::vector<std::int64_t>& lengths) {
    ProtobufMessage shape;
    shape.message(1, ProtobufMessage().text(2, "N"));
    for (const std::int64_t length : lengths) shape.message(1, ProtobufMessage().integer(1, length));
    const ProtobufMessage tensor = ProtobufMessage().integer(1, kFloat).message(2, shape);
    return ProtobufMessage().text(1, name).message(2, ProtobufMessage().message(1, tensor));
}

void OnnxGraph::tensor(const std::string& name, const std::vector<std::int64_t>& shape, int type,
                       std::span<const std::byte> bytes) {
    ProtobufMessage tensor;
    for (const std::int64_t length : shape) tensor.integer(1, length);
    tensor.integer(2, type).text(8, name);
    tensor.text(9, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    graph_.message(5, tensor);
}

std::string OnnxGraph::constant(const std::string& name, const std::vector<std::int64_t>& shape,
                                std::span<const float> values) {
    tensor(name, shape, kFloat, std::as_bytes(values));
    return name;
}

std::string OnnxGraph::integers(const std::string& name, const std::vector<std::int64_t>& values) {
    tensor(name, {static_cast<std::int64_t>(values.size())}, kInt64, std::as_bytes(std::span(values)));
    return name;
}

void OnnxGraph::node(std::string_view type, const std::vector<std::string>& inputs, const std::string& output,
                     const std::vector<ProtobufMessage>& attributes) {
    ProtobufMessage node;
    for (const std::string& input : inputs) node.text(1, input);
    node.text(2, output).text(3, output).text(4, type);
    for (const ProtobufMessage& attribute : attributes) node.message(5, attribute);
    graph_.message(1, node);
}

}  // namespace embedscope
