#include "engine/manifest_columns.h"

#include "engine/images/csv_line.h"
#include "engine/images/manifest.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <map>
#include <sstream>
#include <unordered_map>
#include <utility>

namespace embedscope {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostColumns = 50;
constexpr float kUnknown = std::numeric_limits<float>::quiet_NaN();

/// @return whether the whole text is a finite number.
bool readNumber(const std::string& text, float& number) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc() && end == text.data() + text.size() && std::isfinite(number);
}

std::vector<float> numbersOf(const std::vector<std::string>& values) {
    std::vector<float> numbers(values.size(), kUnknown);
    for (std::size_t i = 0; i < values.size(); ++i)
        if (!values[i].empty() && !readNumber(values[i], numbers[i])) return {};
    return numbers;
}

void setKinds(SampleColumn& column, const std::vector<std::string>& values) {
    std::map<std::string, std::size_t> counts;
    for (const std::string& value : values)
        if (!value.empty()) ++counts[value];
    std::vector<std::pair<std::string, std::size_t>> order(counts.begin(), counts.end());
    std::ranges::stable_sort(order, std::ranges::greater{}, &std::pair<std::string, std::size_t>::second);
    std::unordered_map<std::string, std::int32_t> kindOf;
    for (const auto& [name, count] : order) {
        kindOf.emplace(name, static_cast<std::int32_t>(column.kindNames.size()));
        column.kindNames.push_back(name);
    }
    for (const std::string& value : values) column.kinds.push_back(value.empty() ? -1 : kindOf.at(value));
}

/// The numbers of the columns that are neither path, label nor split, with their names; none without a heading line.
std::vector<std::pair<std::size_t, std::string>> furtherColumns(const std::vector<std::string>& heading) {
    std::vector<std::pair<std::size_t, std::string>> further;
    const std::vector<bool> known = knownColumns(heading);
    for (std::size_t i = 0; i < known.size() && further.size() < kMostColumns; ++i)
        if (!known[i] && !heading[i].empty()) further.emplace_back(i, heading[i]);
    return further;
}

}  // namespace

std::string SampleColumn::textOf(std::size_t sample) const {
    if (!isNumeric()) return kinds[sample] < 0 ? std::string() : kindNames[static_cast<std::size_t>(kinds[sample])];
    if (std::isnan(numbers[sample])) return {};
    std::ostringstream text;
    text << numbers[sample];
    return text.str();
}

std::shared_ptr<const SampleColumns> manifestColumns(const fs::path& place, const DataSet& data) {
    auto columns = std::make_shared<SampleColumns>();
    const fs::path file = isManifest(place) ? place : manifestIn(place);
    std::error_code error;
    if (file.empty() || !fs::is_regular_file(file, error)) return columns;
    CsvLines lines(file);
    std::vector<std::string> fields;
    if (!lines.next(fields)) return columns;
    const auto further = furtherColumns(fields);
    if (further.empty()) return columns;
    const std::size_t pathColumn = pathColumnOf(fields);
    std::unordered_map<std::string, std::size_t> sampleOfPath;
    for (std::size_t i = 0; i < data.size(); ++i) sampleOfPath.emplace(data.samples[i].path, i);
    std::vector<std::vector<std::string>> values(further.size(), std::vector<std::string>(data.size()));
    while (lines.next(fields)) {
        if (pathColumn >= fields.size()) continue;
        // Of lines that name the same file the first counts, as it does for the label.
        const auto sample = sampleOfPath.find(fs::path(fields[pathColumn]).lexically_normal().generic_string());
        if (sample == sampleOfPath.end()) continue;
        for (std::size_t i = 0; i < further.size(); ++i)
            if (further[i].first < fields.size()) values[i][sample->second] = fields[further[i].first];
        sampleOfPath.erase(sample);
    }
    for (std::size_t i = 0; i < further.size(); ++i) {
        SampleColumn column{further[i].second, numbersOf(values[i]), {}, {}};
        if (!column.isNumeric()) setKinds(column, values[i]);
        columns->push_back(std::move(column));
    }
    return columns;
}

}  // namespace embedscope
