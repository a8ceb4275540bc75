#include "engine/images/memory_bound.h"

#include "engine/images/failure.h"

#include <cmath>
#include <string>
#include <unistd.h>

namespace embedscope {
namespace {

constexpr double kLargestShare = 0.7;

/// "12.3 GB"
std::string gigabytes(double bytes) {
    const auto tenths = static_cast<std::size_t>(std::llround(bytes / 1e8));
    return grouped(tenths / 10) + "." + std::to_string(tenths % 10) + " GB";
}

}  // namespace

void checkFitsMemory(const std::filesystem::path& folder, double bytes) {
    const double memory = static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGESIZE));
    if (bytes <= kLargestShare * memory) return;
    fail(folder, "needs " + gigabytes(bytes) + " of memory once decoded, of this machine's " + gigabytes(memory) +
                     " at most " + gigabytes(kLargestShare * memory) + " may be used; choose a smaller image size.");
}

}  // namespace embedscope
