#include "engine/images/failure.h"

#include <cctype>
#include <stdexcept>

namespace embedscope {

std::string inQuotes(const std::filesystem::path& path) {
    return "\"" + path.string() + "\"";
}

void fail(const std::filesystem::path& path, const std::string& why) {
    throw std::runtime_error(inQuotes(path) + " " + why);
}

std::string sentence(std::string_view reason) {
    std::string text(reason);
    if (text.empty()) return text;
    text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
    if (text.back() != '.') text += '.';
    return text;
}

std::string grouped(std::size_t number) {
    std::string text = std::to_string(number);
    for (std::size_t at = text.size(); at > 3; at -= 3) text.insert(at - 3, 1, ',');
    return text;
}

}  // namespace embedscope
