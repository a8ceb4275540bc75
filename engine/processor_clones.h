#pragma once

/// One program runs on every x86-64 and uses what the processor has: write it before a hot function of external
/// linkage. Sanitizers do not get along with the run-time choice (ifunc runs before they are ready).
#if defined(__x86_64__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define EMBEDSCOPE_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define EMBEDSCOPE_CLONES
#endif

namespace embedscope {

/// Bytes of the vectors in such functions, the registers of AVX2: where these are the widest, GCC keeps wider vectors
/// in memory, at a tenth of the speed.
inline constexpr int kVectorBytes = 32;

}  // namespace embedscope
