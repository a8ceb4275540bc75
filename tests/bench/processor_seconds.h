#pragma once

#include <ctime>

namespace embedscope::bench {

/// Of all threads of the process, waiting ones that spin included. On a machine that others use too, images/s say
/// nothing, but a step's processor time does.
inline double processorSeconds() {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

}  // namespace embedscope::bench
