#include "engine/images/csv_line.h"

#include "engine/images/failure.h"
#include "engine/images/utf8.h"

#include <stdexcept>
#include <utility>

namespace embedscope {
namespace {

constexpr std::size_t kMaxField = 4096;  // PATH_MAX
constexpr std::size_t kMaxLine = 1 << 16;

std::string trimmed(const std::string& text) {
    const std::size_t first = text.find_first_not_of(" \t");
    if (first == std::string::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

}  // namespace

CsvLines::CsvLines(std::filesystem::path file) : file_(std::move(file)), stream_(file_, std::ios::binary) {
    if (!stream_) embedscope::fail(file_, "cannot be opened; check its permissions.");
}

void CsvLines::fail(const std::string& why) const {
    throw std::runtime_error(inQuotes(file_) + ", line " + std::to_string(number_) + ": " + why);
}

bool CsvLines::readLine(std::string& line) {
    line.clear();
    std::streambuf& buffer = *stream_.rdbuf();
    int letter = buffer.sbumpc();
    if (letter == EOF) return false;
    ++number_;
    for (; letter != EOF && letter != '\n'; letter = buffer.sbumpc()) {
        if (line.size() == kMaxLine) fail("the line is longer than 65,536 characters; this is no list of images.");
        line += static_cast<char>(letter);
    }
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (number_ == 1 && line.starts_with("\xef\xbb\xbf")) line.erase(0, 3);
    if (!isUtf8(line)) fail("the line is not valid UTF-8; save the file as UTF-8.");
    return true;
}

bool CsvLines::next(std::vector<std::string>& fields) {
    std::string line;
    do {
        if (!readLine(line)) return false;
    } while (trimmed(line).empty());
    fields = fieldsOf(line);
    return true;
}

std::vector<std::string> CsvLines::fieldsOf(const std::string& line) const {
    std::vector<std::string> fields;
    std::string field;
    bool open = false, quotedField = false;
    const auto endField = [&] {
        if (field.size() > kMaxField) fail("a field is longer than 4,096 characters.");
        fields.push_back(quotedField ? field : trimmed(field));
        field.clear();
        quotedField = false;
    };
    for (std::size_t i = 0; i < line.size(); ++i) {
        const char letter = line[i];
        if (open && letter == '"' && i + 1 < line.size() && line[i + 1] == '"') {
            field += line[++i];
        } else if (letter == '"' && (open || trimmed(field).empty())) {
            if (!open) field.clear();  // blanks before the quote
            open = !open;
            quotedField = true;
        } else if (letter == ',' && !open) {
            endField();
        } else if (open || !quotedField) {
            field += letter;
        }
    }
    if (open) fail("a quote is not closed.");
    endField();
    return fields;
}

}  // namespace embedscope
