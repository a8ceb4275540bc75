#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace embedscope {

/// Safe between tags and inside a quoted attribute.
std::string escaped(std::string_view text);

/// RFC 4648, with padding.
std::string base64(std::span<const std::uint8_t> bytes);

/// "<h2>text</h2>", the text escaped.
std::string element(std::string_view tag, std::string_view text);

/// A list of sentences under a heading; empty if there are none.
std::string listOf(std::string_view heading, const std::vector<std::string>& sentences);

}  // namespace embedscope
