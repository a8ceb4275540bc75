#include "engine/compare/html.h"

namespace embedscope {

std::string escaped(std::string_view text) {
    std::string safe;
    for (const char each : text) switch (each) {
            case '&':
                safe += "&amp;";
                break;
            case '<':
                safe += "&lt;";
                break;
            case '>':
                safe += "&gt;";
                break;
            case '"':
                safe += "&quot;";
                break;
            case '\'':
                safe += "&#39;";
                break;
            default:
                safe += each;
        }
    return safe;
}

std::string base64(std::span<const std::uint8_t> bytes) {
    constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        std::uint32_t bits = 0;
        for (std::size_t j = 0; j < 3; ++j) bits = bits << 8 | (i + j < bytes.size() ? bytes[i + j] : 0U);
        for (std::size_t j = 0; j < 4; ++j) text += i + j <= bytes.size() ? kDigits[bits >> (18 - 6 * j) & 63U] : '=';
    }
    return text;
}

std::string element(std::string_view tag, std::string_view text) {
    const std::string name(tag);
    return '<' + name + '>' + escaped(text) + "</" + name + ">\n";
}

std::string listOf(std::string_view heading, const std::vector<std::string>& sentences) {
    if (sentences.empty()) return "";
    std::string html = element("h2", heading) + "<ul>\n";
    for (const std::string& sentence : sentences) html += element("li", sentence);
    return html + "</ul>\n";
}

}  // namespace embedscope
