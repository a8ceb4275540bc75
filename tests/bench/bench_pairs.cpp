// One training run with nobody looking, with the mined pairs looked at, with the hardest searched beside it, and with
// marks, in turns: the processor time of a step, which says something on a machine that others use, too.
#include "engine/data_load.h"
#include "engine/hard_tuples.h"
#include "engine/marks.h"
#include "engine/run.h"
#include "tests/bench/benchmark.h"

#include <map>
#include <memory>
#include <string>
#include <sys/resource.h>
#include <thread>

namespace embedscope::bench {
namespace {

/// Of the whole process.
double processorSeconds() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

struct Turn {
    double processorSeconds = 0, seconds = 0, steps = 0;
};

void train(const Run& run, double seconds, Turn& turn, const std::function<void()>& beside = {}) {
    constexpr double kSearchEvery = 5;  // seconds, as the window does
    const Clock::time_point begun = Clock::now();
    const double before = processorSeconds();
    const std::int64_t first = run.latest()->step;
    double nextSearch = 0;
    while (secondsSince(begun) < seconds && !run.latest()->ended()) {
        if (beside && secondsSince(begun) >= nextSearch) {
            beside();
            nextSearch += kSearchEvery;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    turn.processorSeconds += processorSeconds() - before;
    turn.seconds += secondsSince(begun);
    turn.steps += static_cast<double>(run.latest()->step - first);
}

std::shared_ptr<const Marks> someMarks(const DataSet& data, std::size_t pairs) {
    Marks marks;
    std::vector<std::int32_t> training;
    for (std::size_t i = 0; i < data.size(); ++i)
        if (data.samples[i].split == Split::Train) training.push_back(static_cast<std::int32_t>(i));
    for (std::size_t i = 0; i + 1 < training.size() && marks.list.size() < pairs; i += 2) {
        const MarkKind kind = i % 4 == 0 ? MarkKind::Similar : MarkKind::Dissimilar;
        marks.list.push_back({kind, {training[i]}, {training[i + 1]}});
    }
    return std::make_shared<const Marks>(std::move(marks));
}

void measure(const std::string& folder, double seconds, int rounds) {
    Experiment experiment;
    experiment.data.folder = folder;
    experiment.epochs = 100'000;
    const auto data = withHoldOut(*loadDataSet(experiment.data), experiment.data, experiment.seed);
    const auto run = startTrainingRun({1, experiment, data, nullptr, {}});
    while (run->latest()->step < 20 && !run->latest()->ended())
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    std::map<std::string, Turn> turns;
    const auto search = [&] {
        if (const auto bank = run->latest()->bank) hardestTuples(*bank, *data, {}, 1000, MinedTuples::kMost);
    };
    for (int round = 0; round < rounds; ++round) {
        train(*run, seconds, turns["alone"]);
        run->post(WatchMining{true});
        train(*run, seconds, turns["mined pairs looked at"]);
        train(*run, seconds, turns["hardest searched as well"], search);
        run->post(WatchMining{false});
        train(*run, seconds, turns["alone"]);
        run->post(SetMarks{someMarks(*data, 5)});
        train(*run, seconds, turns["5 marked pairs"]);
        run->post(SetMarks{someMarks(*data, 100)});
        train(*run, seconds, turns["100 marked pairs"]);
        run->post(SetMarks{});
    }
    const double alone = turns["alone"].processorSeconds / turns["alone"].steps;
    for (const auto& [name, turn] : turns)
        print({{"bench", "pairs"},
               {"turn", name},
               {"steps_per_second", rounded(turn.steps / turn.seconds)},
               {"milliseconds_of_processor_per_step", rounded(1000 * turn.processorSeconds / turn.steps)},
               {"speed_by_processor_time", rounded(alone * turn.steps / turn.processorSeconds)}});
    run->requestStop();
}

Measurement prepare(CLI::App& command) {
    struct Options {
        std::string folder;
        double seconds = 10;
        int rounds = 3;
    };
    const auto options = std::make_shared<Options>();
    command.add_option("folder", options->folder, "Of images; the bundled sample if none");
    command.add_option("--seconds", options->seconds, "Of each turn");
    command.add_option("--rounds", options->rounds, "Of all turns");
    return [options] {
        const std::string folder = options->folder.empty() ? bundledSampleFolder().string() : options->folder;
        measure(folder, options->seconds, options->rounds);
    };
}

}  // namespace

Benchmark pairsBenchmark() {
    return {"pairs", "What looking at mined pairs and marks by hand cost a training run", prepare};
}

}  // namespace embedscope::bench
