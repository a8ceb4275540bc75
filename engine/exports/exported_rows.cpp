#include "engine/exports/exported_rows.h"

#include "engine/storage/csv.h"

#include <filesystem>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace embedscope {

std::string ExportedRows::numbers(std::size_t row, char between) const {
    const auto dimension = static_cast<std::size_t>(epoch.table.dimension);
    std::string text;
    for (std::size_t i = 0; i < dimension; ++i) {
        if (i > 0) text += between;
        text += csvNumber(epoch.table.rows[row * dimension + i]);
    }
    return text;
}

ExportedRows newestRows(const std::filesystem::path& runFolder) {
    const std::int64_t newest = newestEpoch(runFolder);
    std::error_code refused;
    const bool run = std::filesystem::exists(runFolder / "experiment.json", refused);
    if (refused)
        throw std::runtime_error("\"" + runFolder.string() + "\" cannot be looked at (" + refused.message() +
                                 "); check its permissions.");
    if (newest < 0)
        throw std::runtime_error("\"" + runFolder.string() +
                                 (run ? "\" holds no complete epoch yet; train it to the end of one first."
                                      : "\" is no run folder; name one that holds an experiment.json."));
    std::vector<NamedSample> all = readSamplesTable(runFolder / "samples.csv");
    ExportedRows rows{describeRun(runFolder), readEpoch(runFolder, newest, all.size()), {}};
    for (const std::int32_t sample : rows.epoch.samples) rows.samples.push_back(all[static_cast<std::size_t>(sample)]);
    return rows;
}

}  // namespace embedscope
