#pragma once

#include <filesystem>
#include <string>

namespace embedscope {

/// What a person wrote about a kept run; "notes.json" in its folder.
struct RunNotes {
    std::string note;  ///< At most 10,000 bytes.
    std::string tags;  ///< As typed, parted by commas; at most 1,000 bytes.
    bool operator==(const RunNotes&) const = default;
};

/// Empty if there are none or they cannot be read: they are no part of the run.
RunNotes readRunNotes(const std::filesystem::path& runFolder);
/// In full or not at all. @throws std::runtime_error naming the file, or saying what is too long.
void writeRunNotes(const std::filesystem::path& runFolder, const RunNotes& notes);

}  // namespace embedscope
