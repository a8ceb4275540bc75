#include "app/compared_runs.h"

#include "engine/live_points.h"
#include "engine/twins.h"

#include <algorithm>
#include <cctype>

namespace embedscope {
std::filesystem::path runFolder(const std::filesystem::path& out, std::size_t number, const std::string& name) {
    constexpr std::size_t kLongest = 60;
    std::string safe = std::to_string(number + 1);
    if (number + 1 < 10) safe.insert(0, "0");
    safe += '_';
    for (const char each : name.substr(0, kLongest)) {
        const bool plain = std::isalnum(static_cast<unsigned char>(each)) || each == '.' || each == '-';
        if (plain || safe.back() != '_') safe += plain ? each : '_';
    }
    return out / safe;
}

Snapshots trainTogether(const Comparison& comparison, const RunImages& images, const std::filesystem::path& out,
                        const Starts& starts, const RunFactory& startRun, Doorbell& bell, const Interrupt& interrupt,
                        Progress& progress) {
    const std::shared_ptr<Twins> twins = makeTwins(comparison.runs.size(), comparison.pace);
    std::vector<std::unique_ptr<Run>> runs;
    std::vector<std::unique_ptr<LivePoints>> live;
    for (std::size_t i = 0; i < comparison.runs.size(); ++i) {
        const ComparedRun& run = comparison.runs[i];
        RunStart start;
        start.runId = i + 1;
        start.experiment = run.experiment;
        if (start.experiment.name.empty()) start.experiment.name = run.name;
        start.data = images[i];
        const std::filesystem::path folder = runFolder(out, i, run.name);
        start.recorder = createRunFolder(folder);
        live.push_back(std::make_unique<LivePoints>(folder));
        start.wakeUp = [&bell] { bell.ring(); };
        start.twins = twins;
        start.twin = i;
        start.from = starts[i];
        runs.push_back(startRun(std::move(start)));
    }
    while (true) {
        std::vector<Progress::NamedSnapshot> now;
        for (std::size_t i = 0; i < runs.size(); ++i) {
            now.push_back({comparison.runs[i].name, runs[i]->latest()});
            live[i]->offer(now.back().snapshot->bank);
        }
        progress.show(now);
        if (std::ranges::all_of(now, [](const auto& each) { return each.snapshot->ended(); })) {
            Snapshots last;
            for (const auto& each : now) last.push_back(each.snapshot);
            return last;
        }
        if (interrupt.raised())
            for (const auto& run : runs) run->requestStop();
        bell.wait();
    }
}

}  // namespace embedscope
