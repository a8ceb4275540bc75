#include "engine/storage/growing_lines.h"

#include <fstream>
#include <system_error>

namespace embedscope {
namespace {

constexpr std::size_t kLongestLine = 1 << 16;

}  // namespace

std::vector<std::string> GrowingLines::next() {
    std::vector<std::string> lines;
    std::error_code none;
    const std::uint64_t size = std::filesystem::file_size(file_, none);
    restarted_ = !none && size < read_;
    if (restarted_) read_ = 0;
    if (none || size == read_) return lines;
    std::ifstream input(file_, std::ios::binary);
    input.seekg(static_cast<std::streamoff>(read_));
    std::string line;
    while (std::getline(input, line) && !input.eof()) {
        read_ += line.size() + 1;
        if (line.size() <= kLongestLine) lines.push_back(line);
    }
    return lines;
}

}  // namespace embedscope
