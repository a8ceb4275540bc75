#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace embedscope {

/// Reads a CSV file line by line. Line ends of all systems and a byte order mark are taken off; lines and fields are
/// bounded, since the file may be anything.
class CsvLines {
public:
    /// @throws std::runtime_error naming the file.
    explicit CsvLines(std::filesystem::path file);

    /// The next line's fields; false at the end. Empty lines are passed over. Quoted fields may hold commas and doubled
    /// quotes, not line breaks; blanks around other fields are taken off.
    /// @throws std::runtime_error naming the file and the line.
    bool next(std::vector<std::string>& fields);

    /// @throws std::runtime_error naming the file and the current line.
    [[noreturn]] void fail(const std::string& why) const;

private:
    bool readLine(std::string& line);
    std::vector<std::string> fieldsOf(const std::string& line) const;

    std::filesystem::path file_;
    std::ifstream stream_;
    std::size_t number_ = 0;
};

}  // namespace embedscope
