#pragma once

#include <string>

namespace embedscope {

/// Call first in main(): tells glibc's allocator to keep memory between training steps (a third of the default step
/// is page faults; see README, "Speed") and fixes thread counts.
void prepareProcess();

/// True if a CUDA device can be used by this build on this machine.
bool hasCuda();

/// True if the processor has instructions for bfloat16 (AVX512-BF16 or AMX) or CUDA is there; without them bfloat16 is
/// slower than float32.
bool hasFastBFloat16();

/// Cores this process may use, at least 1.
int availableCores();

/// Bytes of memory resident now, or 0 where unknown.
std::size_t residentBytes();

}  // namespace embedscope
