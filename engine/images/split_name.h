#pragma once

#include "engine/data_set.h"

#include <optional>
#include <string>
#include <string_view>

namespace embedscope {

/// ASCII only; other letters stay as they are.
std::string lowerCase(std::string_view text);

/// What a folder or a manifest's split column means, in any case: train, training; val, valid, validation, test,
/// testing, holdout, hold-out. Nothing for other names.
std::optional<Split> splitNamed(std::string_view name);

}  // namespace embedscope
