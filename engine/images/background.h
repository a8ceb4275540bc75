#pragma once

#include <functional>

namespace embedscope {

/// Does what nobody waits for on one thread of the process, in order; the end of the program waits for the rest.
/// @param work Must not throw.
void finishInBackground(std::function<void()> work);

/// Blocks until all that was given so far is done.
void awaitBackground();

}  // namespace embedscope
