// One training run with nobody looking, with the mined pairs looked at, with the hardest of all, and with marks, in
// turns of whole epochs, each between two turns alone: the processor time of a step, which says something on a machine
// that others use, too. "alone" beside alone says how far the figures can be believed.
#include "engine/data_load.h"
#include "engine/hard_tuples.h"
#include "engine/marks.h"
#include "engine/run.h"
#include "tests/bench/bell.h"
#include "tests/bench/benchmark.h"
#include "tests/bench/processor_seconds.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace embedscope::bench {
namespace {

struct Turn {
    double processorSeconds = 0, seconds = 0, steps = 0;
    double perStep() const { return processorSeconds / steps; }
};

/// One look at the hardest of all, as often as the window takes one.
class Looks {
public:
    Looks(Run& run, std::shared_ptr<const DataSet> data) : run_(run), data_(std::move(data)) {}
    void takeIfDue() {
        constexpr double kEvery = 5;  // seconds
        if (!run_.latest()->bank || (taken_ > 0 && secondsSince(last_) < kEvery)) return;
        last_ = Clock::now();
        ++taken_;
        auto found = hardestTuples(*run_.latest()->bank, *data_, {}, {});
        run_.post(WatchMining{true, std::make_shared<const std::vector<MinedTuple>>(std::move(found->tuples))});
    }

private:
    Run& run_;
    std::shared_ptr<const DataSet> data_;
    Clock::time_point last_;
    int taken_ = 0;
};

std::size_t epochsMeasured(const Run& run) {
    const auto history = run.latest()->history;
    return static_cast<std::size_t>(
        std::ranges::count_if(*history, [](const MetricsRow& row) { return !std::isnan(row.recallAt1); }));
}

void waitForEpochEnd(const Run& run, Bell& bell, const std::function<void()>& beside) {
    const std::size_t before = epochsMeasured(run);
    while (epochsMeasured(run) == before) {
        if (run.latest()->ended()) throw std::runtime_error("The run has ended: " + run.latest()->message);
        if (beside) beside();
        bell.waitAtMost(std::chrono::milliseconds(100));  // what is done beside comes by the clock
    }
}

/// Whole epochs, so that each turn holds as many of their ends as any other.
Turn train(const Run& run, Bell& bell, int epochs, const std::function<void()>& beside = {}) {
    const Clock::time_point begun = Clock::now();
    const double before = processorSeconds();
    const std::int64_t first = run.latest()->step;
    for (int epoch = 0; epoch < epochs; ++epoch) waitForEpochEnd(run, bell, beside);
    return {processorSeconds() - before, secondsSince(begun), static_cast<double>(run.latest()->step - first)};
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

struct Kind {
    const char* name;
    std::function<void()> begin, beside;
    std::vector<Turn> turns;
    std::vector<double> speeds;  ///< Beside the mean of the turns alone before and after.
};

void printKind(const Kind& kind) {
    double steps = 0, seconds = 0, processor = 0;
    for (const Turn& turn : kind.turns) {
        steps += turn.steps;
        seconds += turn.seconds;
        processor += turn.processorSeconds;
    }
    const auto [least, most] = std::ranges::minmax(kind.speeds);
    print({{"bench", "pairs"},
           {"turns", kind.name},
           {"count", kind.turns.size()},
           {"steps_per_second", rounded(steps / seconds)},
           {"milliseconds_of_processor_per_step", rounded(1000 * processor / steps)},
           {"speed_by_processor_time", rounded(medianOf(kind.speeds))},
           {"least", rounded(least)},
           {"most", rounded(most)}});
}

void measure(const std::string& folder, int epochs, int rounds) {
    Experiment experiment;
    experiment.data.folder = folder;
    experiment.epochs = 100'000;
    const auto data = withHoldOut(*loadDataSet(experiment.data), experiment.data, experiment.seed);
    Bell bell;
    const auto run = startTrainingRun({1, experiment, data, nullptr, [&bell] { bell.ring(); }});
    waitForEpochEnd(*run, bell, {});
    Looks looks(*run, data);
    const auto watch = [&run] { run->post(WatchMining{true}); };
    const auto mark = [&](std::size_t pairs) { return [&, pairs] { run->post(SetMarks{someMarks(*data, pairs)}); }; };
    std::vector<Kind> kinds{{"alone", {}, {}, {}, {}},
                            {"mined pairs looked at", watch, {}, {}, {}},
                            {"hardest of all looked at", watch, [&looks] { looks.takeIfDue(); }, {}, {}},
                            {"5 marked pairs", mark(5), {}, {}, {}},
                            {"100 marked pairs", mark(100), {}, {}, {}}};
    Turn before = train(*run, bell, epochs);
    for (int round = 0; round < rounds; ++round)
        for (Kind& kind : kinds) {
            if (kind.begin) kind.begin();
            kind.turns.push_back(train(*run, bell, epochs, kind.beside));
            run->post(WatchMining{false});
            run->post(SetMarks{});
            const Turn after = train(*run, bell, epochs);
            kind.speeds.push_back((before.perStep() + after.perStep()) / 2 / kind.turns.back().perStep());
            before = after;
        }
    std::ranges::for_each(kinds, printKind);
    run->requestStop();
}

Measurement prepare(CLI::App& command) {
    struct Options {
        std::string folder;
        int epochs = 1, rounds = 5;
    };
    const auto options = std::make_shared<Options>();
    command.add_option("folder", options->folder, "Of images; the bundled sample if none");
    command.add_option("--epochs", options->epochs, "Of each turn");
    command.add_option("--rounds", options->rounds, "Of all turns");
    return [options] {
        const std::string folder = options->folder.empty() ? bundledSampleFolder().string() : options->folder;
        measure(folder, options->epochs, options->rounds);
    };
}

}  // namespace

Benchmark pairsBenchmark() {
    return {"pairs", "What looking at mined pairs and marks by hand cost a training run", prepare};
}

}  // namespace embedscope::bench
