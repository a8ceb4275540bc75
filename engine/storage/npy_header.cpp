#include "engine/storage/npy_header.h"

#include <charconv>
#include <limits>

namespace embedscope {
namespace {

constexpr std::size_t kMostDimensions = 32;  // NumPy's own limit

/// Reads tokens from the front; each call leaves the text alone and returns nothing if the token is not there.
class Reader {
public:
    explicit Reader(std::string_view text) : text_(text) {}

    bool take(std::string_view token) {
        skipSpace();
        if (!text_.starts_with(token)) return false;
        text_.remove_prefix(token.size());
        return true;
    }

    std::optional<std::string> takeString() {
        skipSpace();
        if (text_.empty() || (text_.front() != '\'' && text_.front() != '"')) return std::nullopt;
        const std::size_t end = text_.find(text_.front(), 1);
        if (end == std::string_view::npos) return std::nullopt;
        const std::string content(text_.substr(1, end - 1));
        if (content.find('\\') != std::string::npos) return std::nullopt;
        text_.remove_prefix(end + 1);
        return content;
    }

    std::optional<std::size_t> takeNumber() {
        skipSpace();
        std::size_t value = 0;
        const auto [end, error] = std::from_chars(text_.data(), text_.data() + text_.size(), value);
        if (error != std::errc()) return std::nullopt;
        text_.remove_prefix(static_cast<std::size_t>(end - text_.data()));
        return value;
    }

    bool atEnd() {
        skipSpace();
        return text_.empty();
    }

private:
    void skipSpace() {
        const std::size_t first = text_.find_first_not_of(" \t\r\n");
        text_.remove_prefix(first == std::string_view::npos ? text_.size() : first);
    }

    std::string_view text_;
};

std::optional<bool> takeBool(Reader& reader) {
    if (reader.take("True")) return true;
    if (reader.take("False")) return false;
    return std::nullopt;
}

/// "()", "(3,)" or "(3, 4)".
std::optional<std::vector<std::size_t>> takeShape(Reader& reader) {
    if (!reader.take("(")) return std::nullopt;
    std::vector<std::size_t> shape;
    while (!reader.take(")")) {
        const std::optional<std::size_t> extent = reader.takeNumber();
        if (!extent || shape.size() == kMostDimensions) return std::nullopt;
        shape.push_back(*extent);
        if (reader.take(",")) continue;
        if (shape.size() == 1 || !reader.take(")")) return std::nullopt;  // "(3)" is a number, not a shape
        break;
    }
    return shape;
}

}  // namespace

std::optional<NpyHeader> parseNpyHeader(std::string_view text) {
    Reader reader(text);
    std::optional<std::string> type;
    std::optional<bool> fortranOrder;
    std::optional<std::vector<std::size_t>> shape;
    if (!reader.take("{")) return std::nullopt;
    while (!reader.take("}")) {
        const std::optional<std::string> key = reader.takeString();
        if (!key || !reader.take(":")) return std::nullopt;
        bool understood = false;
        if (*key == "descr" && !type) understood = (type = reader.takeString()).has_value();
        if (*key == "fortran_order" && !fortranOrder) understood = (fortranOrder = takeBool(reader)).has_value();
        if (*key == "shape" && !shape) understood = (shape = takeShape(reader)).has_value();
        if (!understood) return std::nullopt;
        if (reader.take(",")) continue;
        if (!reader.take("}")) return std::nullopt;
        break;
    }
    if (!reader.atEnd() || !type || !fortranOrder || !shape) return std::nullopt;
    return NpyHeader{*type, *fortranOrder, *shape};
}

std::string npyHeaderText(std::string_view type, const std::vector<std::size_t>& shape) {
    std::string text = "{'descr': '";
    text += type;
    text += "', 'fortran_order': False, 'shape': (";
    for (const std::size_t extent : shape) text += std::to_string(extent) + (shape.size() == 1 ? "," : ", ");
    if (shape.size() > 1) text.resize(text.size() - 2);
    return text + "), }";
}

std::optional<std::size_t> elementCount(const std::vector<std::size_t>& shape) {
    std::size_t count = 1;
    for (const std::size_t extent : shape) {
        if (extent != 0 && count > std::numeric_limits<std::size_t>::max() / extent) return std::nullopt;
        count *= extent;
    }
    return count;
}

}  // namespace embedscope
