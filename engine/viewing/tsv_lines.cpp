#include "engine/viewing/tsv_lines.h"

#include <charconv>
#include <stdexcept>
#include <utility>

namespace embedscope {
namespace {

constexpr std::size_t kLongestLine = 1 << 20;
constexpr std::size_t kMostColumns = 1 << 16;

}  // namespace

TsvLines::TsvLines(std::filesystem::path file) : file_(std::move(file)), stream_(file_, std::ios::binary) {
    std::error_code none;
    if (!stream_ || !std::filesystem::is_regular_file(file_, none))
        throw std::runtime_error("\"" + file_.string() + "\" cannot be opened; check its name and permissions.");
}

void TsvLines::fail(const std::string& why) const {
    throw std::runtime_error("\"" + file_.string() + "\", line " + std::to_string(number_) + ": " + why);
}

bool TsvLines::next(std::vector<std::string>& fields) {
    fields.assign(1, {});
    std::streambuf& buffer = *stream_.rdbuf();
    int letter = buffer.sbumpc();
    if (letter == EOF) return false;
    ++number_;
    for (std::size_t length = 0; letter != EOF && letter != '\n'; letter = buffer.sbumpc()) {
        if (++length > kLongestLine) fail("the line is longer than 1 MiB; this is no table.");
        if (letter == '\t') {
            if (fields.size() == kMostColumns) fail("the line has more than 65,536 fields.");
            fields.emplace_back();
        } else if (letter != '\r') {
            fields.back() += static_cast<char>(letter);
        }
    }
    return true;
}

EmbeddingTable readEmbeddingTsv(const std::filesystem::path& file) {
    TsvLines lines(file);
    EmbeddingTable table;
    for (std::vector<std::string> fields; lines.next(fields); ++table.count) {
        if (table.count == 0) table.dimension = static_cast<int>(fields.size());
        if (fields.size() != static_cast<std::size_t>(table.dimension))
            lines.fail("it has " + std::to_string(fields.size()) + " numbers, the first line " +
                       std::to_string(table.dimension) + ".");
        for (const std::string& field : fields) {
            float value{};
            const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), value);
            if (error != std::errc{} || end != field.data() + field.size())
                lines.fail("\"" + field.substr(0, 20) +
                           "\" is no number; take the header off and part numbers by "
                           "tabs.");
            table.rows.push_back(value);
        }
    }
    return table;
}

}  // namespace embedscope
