#include "engine/images/utf8.h"

#include <algorithm>

namespace embedscope {
namespace {

/// Bytes that must follow a first byte; -1 if it is none.
int followersOf(unsigned char byte) {
    if (byte < 0x80) return 0;
    if (byte < 0xc2 || byte >= 0xf5) return -1;
    return byte >= 0xf0 ? 3 : byte >= 0xe0 ? 2 : 1;
}

}  // namespace

bool isUtf8(std::string_view text) {
    int following = 0;
    for (const char letter : text) {
        const auto byte = static_cast<unsigned char>(letter);
        if (following > 0) {
            if ((byte & 0xc0) != 0x80) return false;
            --following;
        } else {
            following = followersOf(byte);
            if (following < 0) return false;
        }
    }
    return following == 0;
}

std::string asciiOf(std::string text) {
    std::ranges::replace_if(
        text, [](char letter) { return static_cast<unsigned char>(letter) >= 0x80; }, '?');
    return text;
}

}  // namespace embedscope
