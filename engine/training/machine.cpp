#include "engine/machine.h"

#include <ATen/Parallel.h>
#include <torch/cuda.h>

#include <algorithm>
#include <fstream>
#include <thread>

#ifdef __linux__
#include <sched.h>
#include <unistd.h>
#endif
#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace embedscope {
namespace {

/// By default glibc returns every large block to the system and faults its pages in anew at the next step.
void keepMemory() {
#ifdef __GLIBC__
    // The largest threshold that glibc takes; a larger one is refused and, with the others set, 128 KiB would remain.
    constexpr int kLargestThreshold = 4 * 1024 * 1024 * static_cast<int>(sizeof(long));
    mallopt(M_MMAP_THRESHOLD, kLargestThreshold);
    mallopt(M_TRIM_THRESHOLD, 1 << 30);
    mallopt(M_TOP_PAD, 64 << 20);
#endif
}

}  // namespace

void prepareProcess() {
    // torch refuses a second setting of the inter-op threads with an exception.
    static const bool kOnce = [] {
        keepMemory();
        at::set_num_interop_threads(1);
        at::set_num_threads(availableCores());
        return true;
    }();
    static_cast<void>(kOnce);
}

bool hasCuda() {
    return torch::cuda::is_available();
}

bool hasFastBFloat16() {
#if defined(__x86_64__) && defined(__GNUC__)
    if (__builtin_cpu_supports("avx512bf16")) return true;
#endif
    return hasCuda();
}

int availableCores() {
#ifdef __linux__
    cpu_set_t allowed;
    CPU_ZERO(&allowed);
    if (sched_getaffinity(0, sizeof allowed, &allowed) == 0) return std::max(1, CPU_COUNT(&allowed));
#endif
    return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

std::size_t residentBytes() {
#ifdef __linux__
    std::ifstream statm("/proc/self/statm");
    std::size_t total = 0, resident = 0;
    if (statm >> total >> resident) return resident * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
#endif
    return 0;
}

}  // namespace embedscope
