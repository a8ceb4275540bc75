#pragma once

#include <filesystem>
#include <functional>

namespace embedscope {

enum class WriteCall { Open, Write, Sync, Truncate, Rename, CreateFolder };

/// For tests: asked before every call that writes; an errno makes the call fail with it (a write after half of its
/// bytes), 0 lets it go on.
using WriteFault = std::function<int(WriteCall call, const std::filesystem::path& path)>;

/// Not while a run writes. Empty: nothing fails.
void setWriteFault(WriteFault fault);

}  // namespace embedscope
