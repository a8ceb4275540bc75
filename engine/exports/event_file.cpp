// TFRecord: www.tensorflow.org/tutorials/load_data/tfrecord; the fields of Event and Summary are those of
// tensorflow/core/util/event.proto and framework/summary.proto.

#include "engine/exports/event_file.h"

#include "engine/exports/protobuf.h"

#include <array>

namespace embedscope {
namespace {

constexpr std::uint32_t kCastagnoli = 0x82f63b78;  // reflected
constexpr std::uint32_t kMask = 0xa282ead8;

constexpr std::array<std::uint32_t, 256> crcTable() {
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t byte = 0; byte < table.size(); ++byte) {
        std::uint32_t rest = byte;
        for (int bit = 0; bit < 8; ++bit) rest = (rest >> 1) ^ (rest & 1 ? kCastagnoli : 0);
        table[byte] = rest;
    }
    return table;
}

template <typename Number>
std::string littleEndian(Number value) {
    std::string bytes;
    for (std::size_t i = 0; i < sizeof value; ++i) bytes += static_cast<char>(value >> (8 * i) & 0xff);
    return bytes;
}

/// So that a checksum may be checked by another one.
std::uint32_t masked(std::uint32_t crc) {
    return ((crc >> 15) | (crc << 17)) + kMask;
}

}  // namespace

std::uint32_t crc32c(std::string_view bytes) {
    static constexpr std::array<std::uint32_t, 256> kTable = crcTable();
    std::uint32_t crc = ~std::uint32_t{0};
    for (const char byte : bytes) crc = (crc >> 8) ^ kTable[(crc ^ static_cast<unsigned char>(byte)) & 0xff];
    return ~crc;
}

std::string tfRecord(std::string_view bytes) {
    const std::string length = littleEndian(static_cast<std::uint64_t>(bytes.size()));
    return length + littleEndian(masked(crc32c(length))) + std::string(bytes) + littleEndian(masked(crc32c(bytes)));
}

std::string eventFileStart(double wallTime) {
    return tfRecord(ProtobufMessage().real(1, wallTime).text(3, "brain.Event:2").bytes());
}

std::string scalarEvent(double wallTime, std::int64_t step, const std::vector<std::pair<std::string, float>>& scalars) {
    ProtobufMessage summary;
    for (const auto& [tag, value] : scalars) summary.message(1, ProtobufMessage().text(1, tag).single(2, value));
    return tfRecord(ProtobufMessage().real(1, wallTime).integer(2, step).message(5, summary).bytes());
}

}  // namespace embedscope
