#include "engine/gigabytes.h"

#include <cmath>

namespace embedscope {

std::string gigabytes(double bytes) {
    const auto tenths = std::llround(bytes / 1e8);
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " GB";
}

}  // namespace embedscope
