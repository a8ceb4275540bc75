#pragma once

#include <string>

namespace embedscope {

/// "12.3 GB".
std::string gigabytes(double bytes);

}  // namespace embedscope
