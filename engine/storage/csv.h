#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace embedscope {

/// The shortest decimal that reads back as the same number; NaN is an empty field.
std::string csvNumber(double value);

/// As RFC 4180 says: quoted if it holds a comma, a quote or a line end.
std::string csvText(std::string_view text);

/// Fields joined by commas.
std::string csvLine(const std::vector<std::string>& fields);

/// The fields of a line without quotes, such as a row of metrics.csv: parts of `line`.
std::vector<std::string_view> csvNumberFields(std::string_view line);

}  // namespace embedscope
