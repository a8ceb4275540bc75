#pragma once

#include <ctime>

namespace embedscope {

/// Processor time of this thread: what work here costs the training that runs beside it, unlike time on the clock.
inline double threadMilliseconds() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return 1e3 * static_cast<double>(now.tv_sec) + 1e-6 * static_cast<double>(now.tv_nsec);
}

}  // namespace embedscope
