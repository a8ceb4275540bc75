#pragma once

#include "engine/catalog.h"

#include <string_view>

namespace embedscope {

/// Whether a parameter has any effect beside the others' values: the exponent of Lp has none beside another distance.
/// Forms leave out what is not read.
/// @param values A value for each of the row's parameters.
bool isRead(const ParameterValues& values, std::string_view id);

}  // namespace embedscope
