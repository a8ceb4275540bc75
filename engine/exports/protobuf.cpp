#include "engine/exports/protobuf.h"

#include <bit>

namespace embedscope {
namespace {

static_assert(std::endian::native == std::endian::little, "Numbers are written as the memory lies");

constexpr int kVarint = 0, kEightBytes = 1, kLengthDelimited = 2, kFourBytes = 5;

template <typename Number>
void append(std::string& bytes, Number value) {
    bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
}

}  // namespace

void ProtobufMessage::varint(std::uint64_t value) {
    constexpr std::uint64_t kSevenBits = 0x7f, kMore = 0x80;
    for (; value > kSevenBits; value >>= 7) bytes_ += static_cast<char>((value & kSevenBits) | kMore);
    bytes_ += static_cast<char>(value);
}

void ProtobufMessage::key(int field, int wireType) {
    varint(static_cast<std::uint64_t>(field) << 3 | static_cast<std::uint64_t>(wireType));
}

ProtobufMessage& ProtobufMessage::integer(int field, std::int64_t value) {
    key(field, kVarint);
    varint(static_cast<std::uint64_t>(value));
    return *this;
}

ProtobufMessage& ProtobufMessage::text(int field, std::string_view bytes) {
    key(field, kLengthDelimited);
    varint(bytes.size());
    bytes_ += bytes;
    return *this;
}

ProtobufMessage& ProtobufMessage::single(int field, float value) {
    key(field, kFourBytes);
    append(bytes_, value);
    return *this;
}

ProtobufMessage& ProtobufMessage::real(int field, double value) {
    key(field, kEightBytes);
    append(bytes_, value);
    return *this;
}

}  // namespace embedscope
