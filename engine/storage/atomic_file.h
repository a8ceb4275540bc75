#pragma once

#include "engine/file_descriptor.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>

// The one place that writes files which must survive a power cut. Every call is checked; a failure throws one sentence
// (std::runtime_error) that names the file and the cure. Tests make each call fail: write_faults.h.

namespace embedscope {

/// Writes all of `bytes`, however many calls it takes. @param file Named in the sentence of a failure.
void writeAll(const FileDescriptor& descriptor, std::span<const std::byte> bytes, const std::filesystem::path& file);

/// Makes the names in a folder last (fsync).
void syncFolder(const std::filesystem::path& folder);

/// Creates the folder and those above it, and makes its name last.
void createFolder(const std::filesystem::path& folder);

/// A whole file that is there in full or not at all: a temporary file beside it, fsync, rename, fsync of the folder.
class AtomicFile {
public:
    explicit AtomicFile(std::filesystem::path file);
    /// Without commit() the temporary file is removed and the old file stays.
    ~AtomicFile();
    AtomicFile(const AtomicFile&) = delete;
    AtomicFile& operator=(const AtomicFile&) = delete;

    void write(std::span<const std::byte> bytes);
    void write(std::string_view text);
    void commit();
    /// Puts it in place without waiting for the disk: readers never see half of it, but after a power cut it may be
    /// empty or torn.
    void publish();

private:
    void rename();

    std::filesystem::path file_;
    std::filesystem::path temporary_;
    FileDescriptor descriptor_;
};

/// A text file that grows by whole lines. A reader may follow it; after a crash only its last line can be torn.
class LineFile {
public:
    /// @throws std::runtime_error also if the file exists.
    explicit LineFile(std::filesystem::path file);
    /// An existing file, cut to `bytes`. @throws std::runtime_error also if it is shorter or no line ends there.
    LineFile(std::filesystem::path file, std::uint64_t bytes);
    /// The file as it is when every line so far is whole.
    std::uint64_t bytes() const { return bytes_; }
    /// One write, so that a follower never sees half of it. What a failed write left behind is cut off, at the latest
    /// before the next line. @param line Without line end.
    void append(std::string_view line);
    /// Makes all lines so far last (fsync).
    void sync();

private:
    void cut();

    std::filesystem::path file_;
    FileDescriptor descriptor_;
    std::uint64_t bytes_ = 0;
    bool torn_ = false;  ///< There is more in it than whole lines.
};

}  // namespace embedscope
