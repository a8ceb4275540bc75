#pragma once

#include <zlib.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <vector>

namespace embedscope {

/// Reads a plain or gzipped IDX file from its beginning; both may come from anywhere.
class IdxReader {
public:
    /// @throws std::runtime_error naming the file, as all of these do.
    explicit IdxReader(std::filesystem::path file);
    ~IdxReader();
    IdxReader(const IdxReader&) = delete;
    IdxReader& operator=(const IdxReader&) = delete;

    /// The next 4 bytes, big-endian.
    std::uint32_t readNumber();

    /// Appends exactly `count` bytes. Memory grows with what the file really holds, never with what its header claims.
    /// @param progress Called after each block with the size of `target`.
    void append(std::vector<std::uint8_t>& target, std::uint64_t count, std::stop_token stop,
                const std::function<void(std::size_t)>& progress = {});

private:
    std::size_t read(std::uint8_t* target, std::size_t count);

    std::filesystem::path file_;
    gzFile stream_;
};

}  // namespace embedscope
