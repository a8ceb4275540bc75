#pragma once

#include "engine/snapshot.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace embedscope {

/// The first line of metrics.csv: step, the numbers of a MetricsRow, then all measures that have no column yet.
std::string metricsHeader();
std::string metricsLine(const MetricsRow& row);

/// Reads lines of metrics.csv by the names of their columns, also those of other versions.
class MetricsColumns {
public:
    explicit MetricsColumns(std::string_view header);

    const std::vector<std::string>& names() const { return names_; }
    /// By name; NaN where a field is empty or no number. Nothing if the line has not as many fields as the header.
    std::optional<std::vector<double>> valuesOf(std::string_view line) const;
    /// Nothing as above, or if the line names no step.
    std::optional<MetricsRow> rowOf(std::string_view line) const;

private:
    std::vector<std::string> names_;
};

}  // namespace embedscope
