#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace embedscope {

/// A message in the wire format of Protocol Buffers (protobuf.dev/programming-guides/encoding), field by field.
class ProtobufMessage {
public:
    ProtobufMessage& integer(int field, std::int64_t value);
    ProtobufMessage& text(int field, std::string_view bytes);
    ProtobufMessage& message(int field, const ProtobufMessage& inner) { return text(field, inner.bytes()); }
    ProtobufMessage& single(int field, float value);
    ProtobufMessage& real(int field, double value);

    const std::string& bytes() const { return bytes_; }

private:
    void varint(std::uint64_t value);
    void key(int field, int wireType);

    std::string bytes_;
};

}  // namespace embedscope
