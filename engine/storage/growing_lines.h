#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <istream>
#include <string>
#include <vector>

namespace embedscope {

constexpr std::size_t kLongestLine = 1 << 16;

/// Lines up to the last line end, without line ends; a torn tail and lines of more than kLongestLine are left out. No
/// more than one line is held, however long the file's are.
void forEachWholeLine(std::istream& input, const std::function<void(std::string)>& each);
/// The same, of a file; none if it is not there.
std::vector<std::string> wholeLinesOf(const std::filesystem::path& file);

/// Reads a text file that another process may be writing, line by line as they come. Nothing is locked or mapped, so
/// that a folder on a network share can be followed.
class GrowingLines {
public:
    static constexpr std::uint64_t kMostBytes = 64 << 20;

    explicit GrowingLines(std::filesystem::path file) : file_(std::move(file)) {}

    /// The whole lines of the next kMostBytes since the last call, without line ends; none if the file is not there. A
    /// torn last line comes when it is whole, and only its bytes are read again; lines of more than kLongestLine are
    /// left out, and each of their bytes is read once.
    std::vector<std::string> next();
    /// Whether the file had become shorter than what was read, so that the last call began at its start again.
    bool restarted() const { return restarted_; }

private:
    std::filesystem::path file_;
    std::uint64_t read_ = 0;
    bool inLongLine_ = false;  ///< What follows read_ belongs to a line that is left out.
    bool restarted_ = false;
};

}  // namespace embedscope
