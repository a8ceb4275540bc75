#pragma once

#include "engine/csv_text.h"

#include <string>
#include <string_view>
#include <vector>

namespace embedscope {

/// The shortest decimal that reads back as the same number; NaN is an empty field.
std::string csvNumber(double value);

/// Fields joined by commas.
std::string csvLine(const std::vector<std::string>& fields);

/// The fields of a line without quotes, such as a row of metrics.csv: parts of `line`.
std::vector<std::string_view> csvNumberFields(std::string_view line);

}  // namespace embedscope
