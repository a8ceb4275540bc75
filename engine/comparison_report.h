#pragma once

#include "engine/comparison.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace embedscope {

/// A number of the table of a comparison. Tables, CSV, JSON and reports read it from here.
struct ComparisonColumn {
    std::string id;     ///< Key in saved files, e.g. "recall_at_1".
    std::string label;  ///< e.g. "Recall@1"
    std::string help;
    double ComparisonRow::*number = nullptr;
    std::string unit;  ///< "%": the number is a share, 0..1, and written as per cent.
    int decimals = 0;
    int better = 0;  ///< 1: more is better, -1: less is; 0: neither, as losses of different kinds do not compare.
};

const std::vector<ComparisonColumn>& comparisonColumns();

/// "86.7 %"; "–" for what is not known.
std::string writtenNumber(const ComparisonColumn& column, double value);

/// The rows with the best number, more than one if they are equal. Empty where nothing is better or fewer than two are
/// known.
std::vector<std::size_t> bestRows(const ComparisonColumn& column, const std::vector<ComparisonRow>& rows);

/// Of the runs of a group that know the number.
struct Spread {
    std::size_t count = 0;
    double mean = MetricsRow::kNone;
    double deviation = MetricsRow::kNone;  ///< Sample standard deviation; NaN for fewer than two.
};

Spread spreadOf(const SeedGroup& group, const ComparisonColumn& column, const std::vector<ComparisonRow>& rows);

/// What there is to tell of a comparison. Vectors are empty or [Comparison::runs].
struct ComparisonReport {
    Comparison comparison;
    std::vector<ComparisonRow> rows;
    std::vector<std::string> remarks;                 ///< Why a run failed, or empty.
    std::vector<std::vector<std::uint8_t>> pictures;  ///< PNG files; empty: none.
    std::string images;                               ///< The data set in words.
    std::filesystem::path folder;                     ///< Where all is stored; empty: nowhere.
};

/// A line a run: name, settings that differ, numbers. RFC 4180; what is not known is an empty field.
std::string tableCsv(const Comparison& comparison, const std::vector<ComparisonRow>& rows);

/// One line: {"name", "runs": [{"name", "remark", "step", ...}], "groups": [...], "verdicts": [...], "warnings":
/// [...]}. What is not known is null.
std::string resultJson(const ComparisonReport& report);

/// A page that holds everything in itself: no script, no reference to another file or host.
std::string htmlReport(const ComparisonReport& report);

/// In full or not at all. @throws std::runtime_error naming the file if it cannot be written.
void writeText(const std::filesystem::path& file, const std::string& text);

}  // namespace embedscope
