#include "engine/exports/exported_rows.h"

#include "engine/storage/csv.h"

#include <stdexcept>
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
    if (newest < 0)
        throw std::runtime_error("\"" + runFolder.string() + "\" holds no complete epoch of a run; name a run folder.");
    std::vector<NamedSample> all = readSamplesTable(runFolder / "samples.csv");
    ExportedRows rows{describeRun(runFolder), readEpoch(runFolder, newest, all.size()), {}};
    for (const std::int32_t sample : rows.epoch.samples) rows.samples.push_back(all[static_cast<std::size_t>(sample)]);
    return rows;
}

}  // namespace embedscope
