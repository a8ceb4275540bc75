#pragma once

#include "engine/exports/protobuf.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace embedscope {

/// The name of a layer's output; "pixels" is what the first layer takes.
std::string onnxOutputOf(int layer);

// Attributes of a node.
ProtobufMessage onnxInts(std::string_view name, const std::vector<std::int64_t>& values);
ProtobufMessage onnxInteger(std::string_view name, std::int64_t value);
ProtobufMessage onnxNumber(std::string_view name, double value);
ProtobufMessage onnxText(std::string_view name, std::string_view value);

/// What goes in or comes out: floats [N, lengths…]; N is left open.
ProtobufMessage onnxFloats(std::string_view name, const std::vector<std::int64_t>& lengths);

/// A GraphProto, node by node.
class OnnxGraph {
public:
    /// A tensor that comes with the file. @return Its name.
    std::string constant(const std::string& name, const std::vector<std::int64_t>& shape,
                         std::span<const float> values);
    std::string integers(const std::string& name, const std::vector<std::int64_t>& values);
    /// Without axes.
    std::string number(const std::string& name, float value) { return constant(name, {}, {&value, 1}); }

    /// The node is named as its output.
    void node(std::string_view type, const std::vector<std::string>& inputs, const std::string& output,
              const std::vector<ProtobufMessage>& attributes = {});

    ProtobufMessage& message() { return graph_; }

private:
    void tensor(const std::string& name, const std::vector<std::int64_t>& shape, int type,
                std::span<const std::byte> bytes);

    ProtobufMessage graph_;
};

}  // namespace embedscope
