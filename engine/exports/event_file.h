#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace embedscope {

/// CRC-32C (Castagnoli, RFC 3720).
std::uint32_t crc32c(std::string_view bytes);

/// A record as TensorFlow frames it: length, masked CRC-32C of the length, bytes, masked CRC-32C of the bytes.
std::string tfRecord(std::string_view bytes);

/// The first record of an event file of TensorBoard. @param wallTime Seconds since 1970.
std::string eventFileStart(double wallTime);
/// A record of scalars by their tags.
std::string scalarEvent(double wallTime, std::int64_t step, const std::vector<std::pair<std::string, float>>& scalars);

}  // namespace embedscope
