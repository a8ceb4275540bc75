#pragma once

#include <cstddef>
#include <vector>

namespace embedscope::bench {

/// Draws so many points with both surfaces and prints a JSON line a case. Needs a QApplication and a display. @return
/// the exit code.
int benchRender(const std::vector<std::size_t>& counts);

}  // namespace embedscope::bench
