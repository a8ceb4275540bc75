#pragma once

#include <string>
#include <string_view>

namespace embedscope {

/// Whether a text can go where UTF-8 is asked for. Overlong forms pass: only what would break a reader is looked for.
bool isUtf8(std::string_view text);

/// The text with a question mark for each byte that is no ASCII, to name what isUtf8() refused.
std::string asciiOf(std::string text);

}  // namespace embedscope
