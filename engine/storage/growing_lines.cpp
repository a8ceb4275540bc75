#include "engine/storage/growing_lines.h"

#include <array>
#include <fstream>
#include <limits>
#include <string_view>
#include <system_error>
#include <utility>

namespace embedscope {
namespace {

/// @param most Bytes, about; more than kLongestLine.
/// @param tooLong In and out: the line that has begun is one to be left out.
/// @return Bytes that need not be read again: all but those of a torn tail that may become a line.
std::uint64_t readLines(std::istream& input, std::uint64_t most, bool& tooLong,
                        const std::function<void(std::string)>& each) {
    std::array<char, kLongestLine> block{};
    std::string line;
    std::uint64_t seen = 0;
    while (input && seen < most) {
        input.read(block.data(), block.size());
        std::string_view rest(block.data(), static_cast<std::size_t>(input.gcount()));
        seen += rest.size();
        while (!rest.empty()) {
            const std::size_t end = rest.find('\n');
            const std::string_view part = rest.substr(0, end);
            tooLong = tooLong || line.size() + part.size() > kLongestLine;
            if (tooLong)
                line.clear();
            else
                line += part;
            if (end == std::string_view::npos) break;
            if (!tooLong) each(std::exchange(line, {}));
            tooLong = false;
            rest.remove_prefix(end + 1);
        }
    }
    return seen - line.size();
}

}  // namespace

void forEachWholeLine(std::istream& input, const std::function<void(std::string)>& each) {
    bool tooLong = false;
    readLines(input, std::numeric_limits<std::uint64_t>::max(), tooLong, each);
}

std::vector<std::string> wholeLinesOf(const std::filesystem::path& file) {
    std::vector<std::string> lines;
    std::ifstream input(file, std::ios::binary);
    forEachWholeLine(input, [&](std::string line) { lines.push_back(std::move(line)); });
    return lines;
}

std::vector<std::string> GrowingLines::next() {
    std::vector<std::string> lines;
    std::error_code none;
    const std::uint64_t size = std::filesystem::file_size(file_, none);
    restarted_ = !none && size < read_;
    if (restarted_) {
        read_ = 0;
        inLongLine_ = false;
    }
    if (none || size == read_) return lines;
    std::ifstream input(file_, std::ios::binary);
    input.seekg(static_cast<std::streamoff>(read_));
    read_ += readLines(input, kMostBytes, inLongLine_, [&](std::string line) { lines.push_back(std::move(line)); });
    return lines;
}

}  // namespace embedscope
