#include "engine/run_list.h"

#include "engine/being_written.h"
#include "engine/experiment_file.h"
#include "engine/run_resume.h"
#include "engine/storage/csv.h"
#include "engine/storage/growing_lines.h"
#include "engine/storage/run_lock.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace embedscope {
namespace {

namespace fs = std::filesystem;

/// Of a file that may be growing.
void forEachLine(const fs::path& file, const std::function<void(std::string)>& each) {
    std::ifstream input(file, std::ios::binary);
    forEachWholeLine(input, each);
}

void readMetrics(KeptRun& run) {
    std::vector<std::string> header;
    forEachLine(run.folder / "metrics.csv", [&](const std::string& line) {
        const std::vector<std::string_view> fields = csvNumberFields(line);
        if (header.empty()) {
            header.assign(fields.begin(), fields.end());
            return;
        }
        const auto number = [&](std::string_view name) -> std::optional<double> {
            const auto column = static_cast<std::size_t>(std::ranges::find(header, name) - header.begin());
            double value{};
            if (column >= fields.size() || fields[column].empty()) return std::nullopt;
            const char* end = fields[column].data() + fields[column].size();
            const auto [parsed, error] = std::from_chars(fields[column].data(), end, value);
            if (error != std::errc{} || parsed != end || std::isnan(value)) return std::nullopt;
            return value;
        };
        run.steps = static_cast<std::int64_t>(std::clamp(number("step").value_or(0), 0.0, 1e15));
        run.epochs = number("epoch").value_or(run.epochs);
        run.seconds = number("seconds").value_or(run.seconds);
        run.recallAt1 = number("recall_at_1").value_or(run.recallAt1);
    });
}

std::string_view withoutEnd(RunWriter writer) {
    switch (writer) {
        case RunWriter::Nobody:
            return "interrupted";
        case RunWriter::Alive:
            return "running";
        case RunWriter::Unknown:
            break;
    }
    return "open";
}

/// What the last event says, if it is the end.
std::string stateOf(const fs::path& folder) {
    const std::string open(withoutEnd(writerOf(folder)));  // before its events: it may be ending just now
    std::string last;
    forEachLine(folder / "events.jsonl", [&](std::string line) { last = std::move(line); });
    const nlohmann::json event = nlohmann::json::parse(last, nullptr, /*allow_exceptions=*/false);
    if (!event.is_object() || event.value("kind", nlohmann::json()) != "end") return open;
    const nlohmann::json value = event.value("value", nlohmann::json());
    if (!value.is_object() || !value.contains("phase") || !value["phase"].is_string()) return open;
    return value["phase"].get<std::string>();
}

std::uint64_t bytesOf(const fs::path& folder) {
    std::uint64_t bytes = 0;
    std::error_code none;
    for (fs::recursive_directory_iterator at(folder, none), end; !none && at != end; at.increment(none)) {
        std::error_code unknown;
        if (at->is_regular_file(unknown) && !at->is_symlink(unknown)) bytes += at->file_size(unknown);
    }
    return bytes;
}

KeptRun runIn(const fs::path& folder) {
    KeptRun run;
    run.folder = folder;
    run.bytes = bytesOf(folder);
    try {
        run.settings = readExperiment(folder / "experiment.json");
        readMetrics(run);
        run.state = stateOf(folder);
        run.resumable = hasCheckpoints(folder);
    } catch (const std::exception& damaged) {
        run.problem = damaged.what();
    }
    return run;
}

bool isRun(const fs::path& folder) {
    std::error_code none;
    return fs::is_regular_file(folder / "experiment.json", none);
}

}  // namespace

std::vector<KeptRun> keptRuns(const fs::path& folder) {
    std::error_code none;
    fs::directory_iterator at(folder, none);
    if (none)
        throw std::runtime_error("\"" + folder.string() +
                                 "\" cannot be read as a folder of runs; check its name and permissions.");
    std::vector<fs::path> found;
    if (isRun(folder)) found.push_back(folder);
    for (const fs::directory_iterator end; !none && at != end; at.increment(none))
        if (isRun(at->path())) found.push_back(at->path());
    std::ranges::sort(found);
    std::vector<KeptRun> runs;
    for (const fs::path& each : found) runs.push_back(runIn(each));
    return runs;
}

bool isBeingWritten(const fs::path& runFolder) {
    return writerOf(runFolder) == RunWriter::Alive && stateOf(runFolder) == "running";
}

}  // namespace embedscope
