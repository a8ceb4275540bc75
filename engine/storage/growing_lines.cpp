#include "engine/storage/growing_lines.h"

#include <array>
#include <fstream>
#include <string_view>
#include <system_error>
#include <utility>

namespace embedscope {

std::uint64_t forEachWholeLine(std::istream& input, const std::function<void(std::string)>& each) {
    std::array<char, kLongestLine> block{};
    std::string line;
    bool tooLong = false;
    std::uint64_t passed = 0, open = 0;  // bytes of whole lines; of the line that has begun
    while (input) {
        input.read(block.data(), block.size());
        std::string_view rest(block.data(), static_cast<std::size_t>(input.gcount()));
        while (!rest.empty()) {
            const std::size_t end = rest.find('\n');
            const std::string_view part = rest.substr(0, end);
            tooLong = tooLong || line.size() + part.size() > kLongestLine;
            if (tooLong)
                line.clear();
            else
                line += part;
            open += part.size();
            if (end == std::string_view::npos) break;
            if (!tooLong) each(std::exchange(line, {}));
            passed += std::exchange(open, 0) + 1;
            tooLong = false;
            rest.remove_prefix(end + 1);
        }
    }
    return passed;
}

std::vector<std::string> GrowingLines::next() {
    std::vector<std::string> lines;
    std::error_code none;
    const std::uint64_t size = std::filesystem::file_size(file_, none);
    restarted_ = !none && size < read_;
    if (restarted_) read_ = 0;
    if (none || size == read_) return lines;
    std::ifstream input(file_, std::ios::binary);
    input.seekg(static_cast<std::streamoff>(read_));
    read_ += forEachWholeLine(input, [&](std::string line) { lines.push_back(std::move(line)); });
    return lines;
}

}  // namespace embedscope
