#pragma once

#include <string>
#include <string_view>

namespace embedscope {

/// A field of a CSV line, as RFC 4180 says: quoted if it holds a comma, a quote or a line end.
std::string csvText(std::string_view text);

}  // namespace embedscope
