#pragma once

// One program runs on every x86-64 and uses what the processor has. Sanitizers do not get along with the run-time
// choice (ifunc runs before they are ready).
#if defined(__x86_64__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define EMBEDSCOPE_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define EMBEDSCOPE_CLONES
#endif
