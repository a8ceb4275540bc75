#pragma once

#include "engine/embedding_file.h"

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace embedscope {

/// Reads a table whose fields are parted by tabs, without quotes, line by line. Lines are bounded: the file may be
/// anything.
class TsvLines {
public:
    /// @throws std::runtime_error naming the file.
    explicit TsvLines(std::filesystem::path file);
    /// The next line's fields; false at the end. @throws std::runtime_error naming the file and the line.
    bool next(std::vector<std::string>& fields);
    /// @throws std::runtime_error naming the file and the current line.
    [[noreturn]] void fail(const std::string& why) const;

private:
    std::filesystem::path file_;
    std::ifstream stream_;
    std::size_t number_ = 0;
};

/// Numbers without a header, as the Embedding Projector reads them. @throws std::runtime_error as above.
EmbeddingTable readEmbeddingTsv(const std::filesystem::path& file);

}  // namespace embedscope
