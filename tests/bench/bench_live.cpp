// One training run watched without and with a live map in turns: shares of steps/s against the neighbouring turns,
// frames a second, refreshes of neighbours, and how far points move from frame to frame, beside how far the embedding
// did. Turns lie between the ends of epochs.
#include "engine/data_load.h"
#include "engine/map_task.h"
#include "engine/projection.h"
#include "engine/projections/alignment.h"
#include "engine/projections/split_places.h"
#include "engine/run.h"
#include "tests/bench/bank_measures.h"
#include "tests/bench/bell.h"
#include "tests/bench/benchmark.h"
#include "tests/bench/processor_seconds.h"

#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <numeric>
#include <optional>
#include <stdexcept>
#include <string>
#include <sys/resource.h>

namespace embedscope::bench {
namespace {

constexpr std::chrono::milliseconds kLongestWait{100};  // turns end by the clock

/// What the threads of the map have computed: those that were made more polite than the process.
double mapSeconds() {
    double sum = 0;
    const int own = getpriority(PRIO_PROCESS, 0);
    for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
        const auto id = static_cast<id_t>(std::stoul(task.path().filename().string()));
        if (getpriority(PRIO_PROCESS, id) <= own) continue;
        double nanoseconds = 0;
        std::ifstream(task.path() / "schedstat") >> nanoseconds;
        sum += 1e-9 * nanoseconds;
    }
    return sum;
}

/// One look at the run, from one step's arrival to another's: no step counts by halves.
struct Turn {
    double seconds = 0, steps = 0, processorSeconds = 0, mapSeconds = 0;
    bool spoilt = false;  ///< An epoch ended within: its measures take the machine.
    double stepsPerSecond() const { return steps / seconds; }
    double stepsPerProcessorSecond() const { return steps / processorSeconds; }
};

/// What is kept of a layout. Not its bank, as the run would take new memory for each that is held.
struct Frame {
    std::string method;
    int dims = 2;
    std::vector<float> places;
    std::shared_ptr<const BankFrame> bank;  ///< Of a map found step by step, which has few; else some of its rows.
};
using Frames = std::vector<Frame>;

/// What is known of one map, or of the run alone, over the turns.
struct Watched {
    double seconds = 0, steps = 0, mapSeconds = 0;
    std::vector<double> shares, sharesByProcessor;  ///< Of each turn against its neighbours without a map.
    std::size_t frames = 0, interpolated = 0, refreshes = 0;
    int repeated = 0;
    std::vector<double> mapMoves, embeddingMoves;  ///< From frame to frame, relative to the radius.
    std::vector<double> age;                       ///< Steps by which the bank of a frame was behind the run.
    double longestGap = 0;                         ///< Milliseconds without a frame.
    Banks banks;                                   ///< Whose neighbours the map has had, one after the other.
};

bool isStepwise(const std::string& method) {
    return method == "tsne" || method == "umap";
}

std::shared_ptr<const BankFrame> someRowsOf(const BankFrame& bank) {
    constexpr std::size_t kOneOf = 10;
    auto some = std::make_shared<BankFrame>();
    some->step = bank.step;
    some->dimension = bank.dimension;
    std::vector<std::int32_t> samples;
    for (std::size_t row = 0; row < bank.count(); row += kOneOf) {
        samples.push_back((*bank.samples)[row]);
        some->computedAtStep.push_back(bank.computedAtStep[row]);
        some->embeddings.insert(some->embeddings.end(), bank.row(row).begin(), bank.row(row).end());
    }
    some->samples = std::make_shared<const std::vector<std::int32_t>>(std::move(samples));
    return some;
}

Frame frameOf(const Layout& layout, const Frames& before) {
    Frame frame{layout.method, layout.depths.empty() ? 2 : 3, joinedPlaces(layout), layout.bank};
    if (isStepwise(layout.method)) return frame;
    const bool sameBank = !before.empty() && before.back().bank->step == layout.bank->step;
    frame.bank = sameBank ? before.back().bank : someRowsOf(*layout.bank);
    return frame;
}

/// Of frames of one map. Beside the run it would cost what the map is not guilty of.
void compare(Watched& watched, const Frames& frames) {
    for (std::size_t i = 1; i < frames.size(); ++i) {
        const Frame &before = frames[i - 1], &now = frames[i];
        if (before.places.size() != now.places.size() || before.method != now.method) continue;
        watched.mapMoves.push_back(meanDisplacement(before.places, now.places, now.dims));
        watched.embeddingMoves.push_back(embeddingDisplacement(*before.bank, *now.bank));
        watched.refreshes += before.bank != now.bank;
    }
    for (const Frame& frame : frames)
        if (watched.banks.empty() || watched.banks.back() != frame.bank) watched.banks.push_back(frame.bank);
}

/// Watches the run for a while. @param map Null: nobody looks. @param watched Takes what is not of the turn's speed.
Turn watch(const Run& run, ProjectionRun* map, Bell& bell, double seconds, Watched& watched) {
    const Clock::time_point asked = Clock::now();
    Turn turn;
    double firstProcessor = 0, firstMap = 0;
    Clock::time_point begun = asked, newest = asked;
    std::int64_t seen = run.latest()->step, firstStep = -1;
    const std::int64_t stepBefore = seen;
    std::shared_ptr<const BankFrame> bank;
    std::shared_ptr<const Layout> drawn = map ? map->latest() : nullptr;
    Frames frames;
    if (drawn) frames.push_back(frameOf(*drawn, frames));
    while (secondsSince(asked) < seconds && !run.latest()->ended()) {
        bell.waitAtMost(kLongestWait);
        const auto snapshot = run.latest();
        if (snapshot->step != seen) {
            seen = snapshot->step;
            if (firstStep < 0) {
                firstStep = seen;
                begun = Clock::now();
                firstProcessor = processorSeconds();
                firstMap = mapSeconds();
            }
            turn.seconds = secondsSince(begun);
            turn.steps = static_cast<double>(seen - firstStep);
            turn.processorSeconds = processorSeconds() - firstProcessor;
            turn.mapSeconds = mapSeconds() - firstMap;
        }
        if (map && snapshot->bank && snapshot->bank != bank) map->follow(bank = snapshot->bank);
        const auto layout = map ? map->latest() : nullptr;
        if (!layout || layout == drawn) continue;
        watched.longestGap = std::max(watched.longestGap, 1e3 * secondsSince(newest));
        newest = Clock::now();
        ++watched.frames;
        watched.interpolated += layout->interpolated;
        watched.age.push_back(static_cast<double>(snapshot->step - layout->step));
        frames.push_back(frameOf(*layout, frames));
        drawn = layout;
    }
    watched.seconds += secondsSince(asked);
    const std::int64_t perEpoch = run.latest()->stepsPerEpoch;
    turn.spoilt = stepBefore / perEpoch != run.latest()->step / perEpoch || turn.steps < 2;
    compare(watched, frames);
    return turn;
}

/// Waits until a turn of so many steps fits before the next epoch's end, and an end that goes on is over.
void awaitRoom(const Run& run, Bell& bell, std::int64_t steps) {
    while (!run.latest()->ended()) {
        const auto now = run.latest();
        const std::int64_t within = now->step % now->stepsPerEpoch;
        if (within > 0 && within + steps < now->stepsPerEpoch) return;
        bell.waitAtMost(kLongestWait);
    }
}

double mean(const std::vector<double>& values) {
    return values.empty() ? 0 : std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

/// A map that follows against one that begins with principal components for each bank: how far the points are apart in
/// the maps of two banks, one refresh after the other.
void printStability(const std::string& method, int dims, const Watched& watched) {
    constexpr std::size_t kMaps = 3;
    std::vector<float> before;
    std::vector<double> fresh;
    const Banks& banks = watched.banks;
    for (std::size_t i = banks.size() - std::min(kMaps, banks.size()); i < banks.size(); ++i) {
        const auto map = makeMap({banks[i]->embeddings, banks[i]->dimension, {}, {method, {}}, dims});
        std::vector<float> now = alignedMap(map->coordinates, before, 1, dims);
        if (!before.empty()) fresh.push_back(meanDisplacement(before, now, dims));
        before = std::move(now);
    }
    if (fresh.empty()) return;
    print({{"bench", "live"},
           {"map", method + " with a fresh start each bank"},
           {"map_movement", rounded(mean(fresh))},
           {"times_as_much_as_a_frame_of_following", rounded(mean(fresh) / mean(watched.mapMoves))}});
}

/// Median, least and most.
Line spreadOf(const std::vector<double>& values) {
    if (values.empty()) return nullptr;
    const auto [least, most] = std::ranges::minmax(values);
    return {rounded(medianOf(values)), rounded(least), rounded(most)};
}

/// Shares are medians over the turns, with the least and the most.
void printWatched(const std::string& name, const Watched& each, std::size_t points) {
    Line line{{"bench", "live"},
              {"map", name},
              {"points", points},
              {"turns", each.shares.size()},
              {"turns_repeated", each.repeated},
              {"steps_per_second", rounded(each.steps / each.seconds)}};
    if (name != "none") {
        line["share_of_alone"] = spreadOf(each.shares);
        line["share_by_processor_time"] = spreadOf(each.sharesByProcessor);
        line["map_milliseconds_per_second"] = rounded(1e3 * each.mapSeconds / each.seconds);
        line["frames_per_second"] = rounded(static_cast<double>(each.frames) / each.seconds);
        line["interpolated_per_second"] = rounded(static_cast<double>(each.interpolated) / each.seconds);
        line["longest_gap_milliseconds"] = rounded(each.longestGap);
        line["map_movement_per_frame"] = rounded(mean(each.mapMoves));
        line["embedding_movement_per_frame"] = rounded(mean(each.embeddingMoves));
    }
    print(line);
}

/// Of a stretch without turns, ends of epochs included.
void printFollowing(const std::string& name, const Watched& each) {
    const auto refreshes = static_cast<double>(std::max<std::size_t>(1, each.refreshes));
    print({{"bench", "live"},
           {"map", name + " following for " + std::to_string(std::lround(each.seconds)) + " s"},
           {"frames_per_second", rounded(static_cast<double>(each.frames) / each.seconds)},
           {"interpolated_per_second", rounded(static_cast<double>(each.interpolated) / each.seconds)},
           {"refreshes_finished", each.refreshes},
           {"seconds_per_refresh", each.refreshes > 0 ? Line(rounded(each.seconds / refreshes)) : Line()},
           {"bank_behind_steps", spreadOf(each.age)},
           {"recall_of_neighbors", each.refreshes > 0 ? Line(rounded(recallAlong(each.banks))) : Line()},
           {"map_movement_per_frame", rounded(mean(each.mapMoves))},
           {"embedding_movement_per_refresh",
            rounded(std::accumulate(each.embeddingMoves.begin(), each.embeddingMoves.end(), 0.0) / refreshes)}});
}

struct Options {
    std::string folder;
    std::vector<std::string> maps{"tsne", "pca"};
    double seconds = 4, following = 30;
    int rounds = 6, threads = 0, dims = 2;
};

/// Maps that are found step by step begin while the run waits: their neighbours and early steps come once.
std::unique_ptr<ProjectionRun> makeFollower(const std::string& method, int dims, const Run& run, Bell& bell,
                                            const WakeUp& ring) {
    auto map = std::make_unique<ProjectionRun>(ring);
    map->setMethod({method, {}});
    map->setDimensions(dims);
    map->setMeasuring(true);
    while (!run.latest()->ended() && !(map->latest() && (!isStepwise(method) || map->latest()->mapStep > 250))) {
        Watched warming;
        watch(run, map.get(), bell, 0.5, warming);
    }
    map->setQuiet(true);
    return map;
}

/// The turns of one run. A map rests between its own.
class Watch {
public:
    Watch(const Options& options, Run& run, Bell& bell, const WakeUp& ring)
        : options_(options), run_(run), bell_(bell) {
        run_.post(SetPaused{true});
        for (const std::string& method : options_.maps)
            rest(*(maps_[method] = makeFollower(method, options_.dims, run_, bell_, ring)), true);
        run_.post(SetPaused{false});
    }

    /// Each turn with a map lies between two without, its neighbours, which it is compared with.
    void goRound() {
        if (!before_) before_ = turn(nullptr, watched_["none"]);
        for (const std::string& method : options_.maps) {
            Watched& watched = watched_[method];
            const Turn with = turn(maps_[method].get(), watched);
            const Turn after = turn(nullptr, watched_["none"]);
            watched.shares.push_back(2 * with.stepsPerSecond() / (before_->stepsPerSecond() + after.stepsPerSecond()));
            watched.sharesByProcessor.push_back(2 * with.stepsPerProcessorSecond() /
                                                (before_->stepsPerProcessorSecond() + after.stepsPerProcessorSecond()));
            before_ = after;
        }
    }

    /// One map for a while.
    void followOn(const std::string& method) {
        rest(*maps_[method], false);
        Watched catchingUp;
        watch(run_, maps_[method].get(), bell_, options_.following / 4, catchingUp);
        watch(run_, maps_[method].get(), bell_, options_.following, following_[method]);
        rest(*maps_[method], true);
    }

    const std::map<std::string, Watched>& watched() const { return watched_; }
    const std::map<std::string, Watched>& following() const { return following_; }

private:
    static void rest(ProjectionRun& map, bool resting) {
        map.setFrozen(resting);
        map.setMeasuring(!resting);
    }

    /// Once more if an epoch ended within. @throws std::runtime_error if there is no room for a turn.
    Turn turn(ProjectionRun* map, Watched& watched) {
        constexpr int kTries = 20;
        constexpr double kSettling = 0.3;  // seconds: a map that has rested begins with what it missed
        for (int tries = 0; tries < kTries && !run_.latest()->ended(); ++tries) {
            awaitRoom(run_, bell_, stepsOfTurn_);
            if (map) rest(*map, false);
            Watched settling;
            watch(run_, map, bell_, kSettling, settling);
            Watched seen = watched;
            const Turn turn = watch(run_, map, bell_, options_.seconds, seen);
            if (map) rest(*map, true);
            if (turn.steps > 0)
                stepsOfTurn_ =
                    2 + static_cast<std::int64_t>(1.2 * (options_.seconds + kSettling) * turn.stepsPerSecond());
            if (turn.spoilt) {
                ++watched.repeated;
                continue;
            }
            watched = std::move(seen);
            watched.steps += turn.steps * options_.seconds / turn.seconds;
            watched.mapSeconds += turn.mapSeconds * options_.seconds / turn.seconds;
            return turn;
        }
        throw std::runtime_error("No turn of " + std::to_string(options_.seconds) +
                                 " s fits between two ends of epochs; ask for shorter turns or give more images.");
    }

    const Options& options_;
    Run& run_;
    Bell& bell_;
    std::map<std::string, std::unique_ptr<ProjectionRun>> maps_;
    std::map<std::string, Watched> watched_, following_;
    std::optional<Turn> before_;
    std::int64_t stepsOfTurn_ = 10;
};

void watchTraining(const Options& options) {
    Experiment experiment;
    experiment.data.folder = options.folder.empty() ? bundledSampleFolder().string() : options.folder;
    experiment.epochs = 1000;
    experiment.threads = options.threads;
    Bell bell;
    const auto ring = [&bell] { bell.ring(); };
    const auto data = withHoldOut(*loadDataSet(experiment.data), experiment.data, experiment.seed);
    const auto run = startTrainingRun({1, experiment, data, nullptr, ring});
    while (run->latest()->step < 20 && !run->latest()->ended()) bell.waitAtMost(kLongestWait);

    Watch watch(options, *run, bell, ring);
    for (int round = 0; round < options.rounds; ++round) watch.goRound();
    for (const std::string& method : options.maps)
        if (isStepwise(method) && options.following > 0) watch.followOn(method);
    const std::size_t points = run->latest()->bank->count();
    run->requestStop();
    while (!run->latest()->ended()) bell.waitAtMost(kLongestWait);
    for (const auto& [name, each] : watch.watched()) printWatched(name, each, points);
    for (const auto& [method, each] : watch.following()) {
        printFollowing(method, each);
        printStability(method, options.dims, each);
    }
}

Measurement prepare(CLI::App& command) {
    const auto options = std::make_shared<Options>();
    command.add_option("folder", options->folder, "Of images; the bundled sample if none");
    command.add_option("--maps", options->maps, "Ids of projections; tsne,pca")->delimiter(',');
    command.add_option("--dims", options->dims, "Of the maps")->check(CLI::Range(2, 3));
    command.add_option("--seconds", options->seconds, "Of each turn; must be shorter than an epoch");
    command.add_option("--following", options->following, "Seconds in which a map found step by step follows");
    command.add_option("--rounds", options->rounds, "Of turns");
    command.add_option("--threads", options->threads, "Of the training; 0: all cores");
    return [options] { watchTraining(*options); };
}

}  // namespace

Benchmark liveBenchmark() {
    return {"live", "A training run with and without a live map beside it", prepare};
}

}  // namespace embedscope::bench
