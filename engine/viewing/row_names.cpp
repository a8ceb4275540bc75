#include "engine/viewing/row_names.h"

#include "engine/embedding_file.h"
#include "engine/images/csv_line.h"
#include "engine/storage/samples_table.h"
#include "engine/viewing/tsv_lines.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <stdexcept>

namespace embedscope {
namespace {

namespace fs = std::filesystem;

using NextFields = std::function<bool(std::vector<std::string>&)>;

std::optional<std::size_t> columnOf(const std::vector<std::string>& header, const std::string& name) {
    const auto found = std::ranges::find(header, name);
    if (found == header.end()) return std::nullopt;
    return static_cast<std::size_t>(found - header.begin());
}

/// A table with named columns, or a list of labels.
RowNames namesFrom(const NextFields& next, const fs::path& file) {
    RowNames names;
    std::vector<std::string> fields;
    if (!next(fields)) return names;
    const std::optional<std::size_t> label = columnOf(fields, "label"), path = columnOf(fields, "path");
    if (!label && !path && fields.size() > 1)
        throw std::runtime_error("\"" + file.string() +
                                 "\" has no column \"label\" or \"path\"; name its columns in the first line.");
    const std::size_t wanted = fields.size();
    if (!label && !path) names.labels.push_back(fields[0]);
    while (next(fields)) {
        if (fields.size() != wanted)
            throw std::runtime_error("\"" + file.string() + "\": row " + std::to_string(names.labels.size() + 1) +
                                     " has not as many fields as the first line.");
        const std::string listed = path ? std::string() : fields[0];
        names.labels.push_back(label ? fields[*label] : listed);
        if (path) names.paths.push_back(fields[*path]);
    }
    return names;
}

RowNames namesOf(const std::vector<std::int32_t>& numbers) {
    RowNames names;
    for (const std::int32_t number : numbers) names.labels.push_back(number < 0 ? "" : std::to_string(number));
    return names;
}

}  // namespace

RowNames readRowNames(const fs::path& file) {
    if (file.extension() == ".npy") return namesOf(readLabels(file));
    if (file.extension() == ".tsv") {
        TsvLines lines(file);
        return namesFrom([&lines](std::vector<std::string>& fields) { return lines.next(fields); }, file);
    }
    CsvLines lines(file);
    return namesFrom([&lines](std::vector<std::string>& fields) { return lines.next(fields); }, file);
}

RowNames readRowNames(const fs::path& samplesTable, const fs::path& index) {
    const std::vector<NamedSample> samples = readSamplesTable(samplesTable);
    RowNames names;
    for (const std::int32_t sample : readLabels(index)) {
        if (sample < 0 || static_cast<std::size_t>(sample) >= samples.size())
            throw std::runtime_error("\"" + index.string() + "\" names a sample that \"" + samplesTable.string() +
                                     "\" has not.");
        names.labels.push_back(samples[static_cast<std::size_t>(sample)].label);
        names.paths.push_back(samples[static_cast<std::size_t>(sample)].path);
    }
    return names;
}

}  // namespace embedscope
