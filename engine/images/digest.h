#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace embedscope {

/// 16 hexadecimal digits.
inline std::string hexOf(std::uint64_t value) {
    std::string text(16, '0');
    for (int i = 0; i < 16; ++i) text[i] = "0123456789abcdef"[(value >> (60 - 4 * i)) & 15];
    return text;
}

/// FNV-1a, 64 bit: enough to notice a changed folder or a damaged file; no protection against intent.
class Digest {
public:
    void add(std::string_view bytes) {
        for (const char byte : bytes) {
            value_ ^= static_cast<unsigned char>(byte);
            value_ *= 0x100000001b3ULL;
        }
        value_ *= 0x100000001b3ULL;  // ends the field
    }
    void add(std::uint64_t number) { add(std::to_string(number)); }
    std::uint64_t value() const { return value_; }
    std::string hex() const { return hexOf(value_); }

private:
    std::uint64_t value_ = 0xcbf29ce484222325ULL;
};

}  // namespace embedscope
