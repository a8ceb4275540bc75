#include "engine/exports/event_file.h"
#include "engine/exports/table_exports.h"
#include "engine/storage/atomic_file.h"
#include "engine/storage/growing_lines.h"
#include "engine/storage/metrics_columns.h"

#include <chrono>
#include <cmath>
#include <stdexcept>

namespace embedscope {
namespace {

namespace fs = std::filesystem;

/// When the run began, in seconds since 1970.
double beginOf(const fs::path& runFolder) {
    std::error_code none;
    const auto written = fs::last_write_time(runFolder / "experiment.json", none);
    if (none) throw std::runtime_error("\"" + runFolder.string() + "\" holds no run; choose the folder of one.");
    const auto since = std::chrono::file_clock::to_sys(written).time_since_epoch();
    return static_cast<double>(std::chrono::duration_cast<std::chrono::seconds>(since).count());
}

std::string eventOf(const MetricsColumns& columns, const std::string& line, double begin) {
    const std::optional<MetricsRow> row = columns.rowOf(line);
    if (!row) return {};
    const std::vector<double> values = *columns.valuesOf(line);
    std::vector<std::pair<std::string, float>> scalars;
    for (std::size_t i = 0; i < values.size(); ++i)
        if (columns.names()[i] != "step" && !std::isnan(values[i]))
            scalars.emplace_back(columns.names()[i], static_cast<float>(values[i]));
    return scalarEvent(begin + (std::isnan(row->seconds) ? 0 : row->seconds), row->step, scalars);
}

}  // namespace

std::string exportTensorBoard(const fs::path& runFolder, const fs::path& out) {
    const double begin = beginOf(runFolder);
    const std::vector<std::string> lines = wholeLinesOf(runFolder / "metrics.csv");
    if (lines.size() < 2)
        throw std::runtime_error("\"" + (runFolder / "metrics.csv").string() + "\" holds no row yet; train further.");
    const MetricsColumns columns(lines.front());
    createFolder(out);
    AtomicFile file(out / ("events.out.tfevents." + std::to_string(static_cast<std::int64_t>(begin)) + ".embedscope"));
    file.write(eventFileStart(begin));
    for (std::size_t i = 1; i < lines.size(); ++i) file.write(eventOf(columns, lines[i], begin));
    file.commit();
    return {};
}

}  // namespace embedscope
