// One training run watched without and with a live map in turns: shares of images/s, frames a second, and how far
// points move from frame to frame, beside how far the embedding did.
#include "engine/data_load.h"
#include "engine/map_task.h"
#include "engine/projection.h"
#include "engine/projections/alignment.h"
#include "engine/run.h"
#include "tests/bench/benchmark.h"

#include <Eigen/SVD>

#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <mutex>
#include <numeric>
#include <string>
#include <sys/resource.h>

namespace embedscope::bench {
namespace {

/// Of the whole process. On a machine that others use too, images/s say nothing, but a step's processor time does.
double processorSeconds() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// Wakes the waiting thread; one bell for the run and the map.
class Bell {
public:
    void ring() {
        std::lock_guard lock(mutex_);
        rung_ = true;
        changed_.notify_one();
    }
    void wait() {
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, std::chrono::milliseconds(100), [this] { return rung_; });
        rung_ = false;
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    bool rung_ = false;
};

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

/// Mean distance between the rows of two banks, the one turned onto the other (a turned embedding is the same one) and
/// relative to the radius.
double embeddingDisplacement(const BankFrame& before, const BankFrame& now) {
    using Rows = Eigen::Map<const Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>;
    const auto centred = [](const BankFrame& bank) {
        const Rows rows(bank.embeddings.data(), static_cast<Eigen::Index>(bank.count()), bank.dimension);
        return Eigen::MatrixXf(rows.rowwise() - rows.colwise().mean());
    };
    if (&before == &now) return 0;
    const Eigen::MatrixXf from = centred(before), to = centred(now);
    const Eigen::JacobiSVD<Eigen::MatrixXd> svd((from.transpose() * to).cast<double>(),
                                                Eigen::ComputeFullU | Eigen::ComputeFullV);
    const Eigen::MatrixXf turn = (svd.matrixU() * svd.matrixV().transpose()).cast<float>();
    const double radius = std::sqrt(static_cast<double>(to.squaredNorm()) / static_cast<double>(to.rows()));
    return static_cast<double>((from * turn - to).rowwise().norm().mean()) / radius;
}

struct Watched {
    double seconds = 0, steps = 0, processorSeconds = 0, mapSeconds = 0;
    std::size_t frames = 0;
    std::vector<double> mapMoves, embeddingMoves;  ///< From frame to frame, relative to the radius.
    double longestGap = 0;                         ///< Milliseconds without a frame.
};

using Frames = std::vector<std::shared_ptr<const Layout>>;

/// Of frames of one map. Beside the run it would cost what the map is not guilty of.
void compare(Watched& watched, const Frames& frames) {
    for (std::size_t i = 1; i < frames.size(); ++i) {
        const Layout &before = *frames[i - 1], &now = *frames[i];
        if (before.coordinates.size() != now.coordinates.size() || before.method != now.method) continue;
        watched.mapMoves.push_back(meanDisplacement(before.coordinates, now.coordinates));
        watched.embeddingMoves.push_back(embeddingDisplacement(*before.bank, *now.bank));
    }
}

/// Watches the run for a while. @param map Null: nobody looks.
void watch(const Run& run, ProjectionRun* map, Bell& bell, double seconds, Watched& watched) {
    const Clock::time_point begun = Clock::now();
    const double processorBefore = processorSeconds(), mapBefore = mapSeconds();
    const std::int64_t firstStep = run.latest()->step;
    std::shared_ptr<const BankFrame> bank;
    Frames frames;
    if (map && map->latest()) frames.push_back(map->latest());
    Clock::time_point newest = begun;
    while (secondsSince(begun) < seconds && !run.latest()->ended()) {
        bell.wait();
        const auto snapshot = run.latest();
        if (map && snapshot->bank && snapshot->bank != bank) map->follow(bank = snapshot->bank);
        const auto layout = map ? map->latest() : nullptr;
        if (!layout || (!frames.empty() && layout == frames.back())) continue;
        watched.longestGap = std::max(watched.longestGap, 1e3 * secondsSince(newest));
        newest = Clock::now();
        ++watched.frames;
        frames.push_back(layout);
    }
    watched.seconds += secondsSince(begun);
    watched.processorSeconds += processorSeconds() - processorBefore;
    watched.mapSeconds += mapSeconds() - mapBefore;
    watched.steps += static_cast<double>(run.latest()->step - firstStep);
    compare(watched, frames);
}

double mean(const std::vector<double>& values) {
    return values.empty() ? 0 : std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

/// A map that follows against one that begins with principal components each time: from frame to frame, and from one to
/// the next of some banks seconds apart.
void printStability(const std::string& method, const Watched& watched, const Frames& kept) {
    std::vector<float> before;
    std::vector<double> fresh, following;
    for (const auto& frame : kept) {
        const auto map = makeMap({frame->bank->embeddings, frame->bank->dimension, {}, {method, {}}});
        std::vector<float> now = alignedMap(map->coordinates, before, 1);
        if (!before.empty()) fresh.push_back(meanDisplacement(before, now));
        before = std::move(now);
    }
    for (std::size_t i = 1; i < kept.size(); ++i)
        following.push_back(meanDisplacement(kept[i - 1]->coordinates, kept[i]->coordinates));
    if (fresh.empty() || watched.mapMoves.empty()) return;
    print({{"bench", "live"},
           {"map", method + " with a fresh start each frame"},
           {"map_movement_per_frame", rounded(mean(fresh))},
           {"times_as_much_as_following", rounded(mean(fresh) / mean(watched.mapMoves))},
           {"following_between_the_same_banks", rounded(mean(following))}});
}

void printWatched(const std::string& name, const Watched& each, const Watched& alone, std::size_t points) {
    const double aloneSpeed = alone.steps / alone.seconds, aloneCost = alone.processorSeconds / alone.steps;
    print({{"bench", "live"},
           {"map", name},
           {"points", points},
           {"steps_per_second", rounded(each.steps / each.seconds)},
           {"share_of_alone", rounded(each.steps / each.seconds / aloneSpeed)},
           {"share_by_processor_time", rounded(aloneCost * each.steps / each.processorSeconds)},
           {"cores", rounded(each.processorSeconds / each.seconds)},
           {"map_milliseconds_per_second", rounded(1e3 * each.mapSeconds / each.seconds)},
           {"frames_per_second", rounded(static_cast<double>(each.frames) / each.seconds)},
           {"longest_gap_milliseconds", rounded(each.longestGap)},
           {"map_movement_per_frame", rounded(mean(each.mapMoves))},
           {"embedding_movement_per_frame", rounded(mean(each.embeddingMoves))}});
}

struct Options {
    std::string folder;
    std::vector<std::string> maps{"tsne", "pca"};
    double seconds = 5;
    int rounds = 4, threads = 0;
};

/// Maps that are found step by step begin while the run waits: their neighbours and early steps come once.
std::unique_ptr<ProjectionRun> makeFollower(const std::string& method, const Run& run, Bell& bell, const WakeUp& ring) {
    auto map = std::make_unique<ProjectionRun>(ring);
    map->setMethod({method, {}});
    map->setMeasuring(true);
    const bool stepwise = method == "tsne" || method == "umap";
    while (!run.latest()->ended() && !(map->latest() && (!stepwise || map->latest()->mapStep > 250))) {
        Watched warming;
        watch(run, map.get(), bell, 0.5, warming);
    }
    map->setQuiet(true);
    return map;
}

void watchTraining(const Options& options) {
    Experiment experiment;
    experiment.data.folder = options.folder.empty() ? bundledSampleFolder().string() : options.folder;
    experiment.epochs = 1000;
    experiment.threads = options.threads;
    Bell bell;
    const auto ring = [&bell] { bell.ring(); };
    const auto data = withHoldOut(*loadDataSet(experiment.data), experiment.data, experiment.seed);
    const auto run = startTrainingRun({1, experiment, data, nullptr, ring});
    while (run->latest()->step < 20 && !run->latest()->ended()) bell.wait();

    run->post(SetPaused{true});
    std::map<std::string, std::unique_ptr<ProjectionRun>> maps;
    const auto rest = [](ProjectionRun& map, bool resting) {
        map.setFrozen(resting);
        map.setMeasuring(!resting);
    };
    for (const std::string& method : options.maps) rest(*(maps[method] = makeFollower(method, *run, bell, ring)), true);
    run->post(SetPaused{false});

    std::map<std::string, Watched> watched;
    std::map<std::string, Frames> kept;
    for (int round = 0; round < options.rounds; ++round)
        for (const std::string& method : options.maps) {
            ProjectionRun& map = *maps[method];
            watch(*run, nullptr, bell, options.seconds, watched["none"]);
            rest(map, false);
            watch(*run, &map, bell, options.seconds, watched[method]);
            rest(map, true);
            kept[method].push_back(map.latest());
        }
    const std::size_t points = run->latest()->bank ? run->latest()->bank->count() : 0;
    run->requestStop();
    for (const auto& [name, each] : watched) printWatched(name, each, watched["none"], points);
    for (const auto& [method, frames] : kept)
        if (method == "tsne" || method == "umap") printStability(method, watched[method], frames);
}

Measurement prepare(CLI::App& command) {
    const auto options = std::make_shared<Options>();
    command.add_option("folder", options->folder, "Of images; the bundled sample if none");
    command.add_option("--maps", options->maps, "Ids of projections; tsne,pca")->delimiter(',');
    command.add_option("--seconds", options->seconds, "Of each turn");
    command.add_option("--rounds", options->rounds, "Of turns");
    command.add_option("--threads", options->threads, "Of the training; 0: all cores");
    return [options] { watchTraining(*options); };
}

}  // namespace

Benchmark liveBenchmark() {
    return {"live", "A training run with and without a live map beside it", prepare};
}

}  // namespace embedscope::bench
