#include "engine/images/memory_bound.h"

#include "engine/gigabytes.h"
#include "engine/images/failure.h"

#include <string>
#include <unistd.h>

namespace embedscope {
namespace {

constexpr double kLargestShare = 0.7;

}  // namespace

void checkFitsMemory(const std::filesystem::path& folder, double bytes) {
    const double memory = static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGESIZE));
    if (bytes <= kLargestShare * memory) return;
    fail(folder, "needs " + gigabytes(bytes) + " of memory once decoded, of this machine's " + gigabytes(memory) +
                     " at most " + gigabytes(kLargestShare * memory) + " may be used; choose a smaller image size.");
}

}  // namespace embedscope
