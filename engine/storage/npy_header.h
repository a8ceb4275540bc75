#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace embedscope {

/// What the header of a .npy file says: a Python dict of exactly these three keys.
struct NpyHeader {
    std::string type;  ///< "descr", e.g. "<f4".
    bool fortranOrder = false;
    std::vector<std::size_t> shape;
};

/// Nothing for text that is no such dict. Strict: strings have no escapes, numbers no sign, no key comes twice.
std::optional<NpyHeader> parseNpyHeader(std::string_view text);

std::string npyHeaderText(std::string_view type, const std::vector<std::size_t>& shape);

/// The product of the shape, or nothing if it does not fit.
std::optional<std::size_t> elementCount(const std::vector<std::size_t>& shape);

}  // namespace embedscope
