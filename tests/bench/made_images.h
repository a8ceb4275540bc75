#pragma once

#include <cstddef>
#include <filesystem>

namespace embedscope::bench {

/// JPEG files as a benchmark makes them.
struct MadeImages {
    std::size_t count = 10'000;
    int width = 32, height = 32;
    std::size_t classes = 10;  ///< Folders.
    /// Different files; the others are hard links to them, which saves the disk and costs the reader the same.
    std::size_t different = 2'000;
};

/// A folder of pictures that is removed at the end.
class MadeFolder {
public:
    /// @throws std::runtime_error if the disk is full.
    explicit MadeFolder(const MadeImages& images);
    ~MadeFolder();
    MadeFolder(const MadeFolder&) = delete;
    MadeFolder& operator=(const MadeFolder&) = delete;
    const std::filesystem::path& path() const { return folder_; }

private:
    std::filesystem::path folder_;
};

/// An empty folder below the system's for temporary files.
std::filesystem::path makeTemporaryFolder();

}  // namespace embedscope::bench
