#include "engine/storage/csv.h"

#include <array>
#include <charconv>
#include <cmath>

namespace embedscope {

std::string csvNumber(double value) {
    if (std::isnan(value)) return "";
    std::array<char, 32> text{};
    const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), value);
    return {text.data(), end};
}

std::string csvLine(const std::vector<std::string>& fields) {
    std::string line;
    for (const std::string& field : fields) line += (&field == fields.data() ? "" : ",") + field;
    return line;
}

std::vector<std::string_view> csvNumberFields(std::string_view line) {
    std::vector<std::string_view> fields;
    while (true) {
        const std::size_t comma = line.find(',');
        fields.push_back(line.substr(0, comma));
        if (comma == std::string_view::npos) return fields;
        line.remove_prefix(comma + 1);
    }
}

}  // namespace embedscope
