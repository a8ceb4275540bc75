#pragma once

#include <functional>

namespace embedscope {

/// Called on a worker's thread after each publication; must return at once. The receiver keeps at most one wake-up
/// pending and then reads the newest value. May be empty.
using WakeUp = std::function<void()>;

}  // namespace embedscope
