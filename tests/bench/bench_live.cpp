// One training run watched with no map, PCA and t-SNE in turns: shares of images/s, frames a second, and how far points
// move from frame to frame.
#include "engine/data_load.h"
#include "engine/map_task.h"
#include "engine/projection.h"
#include "engine/projections/alignment.h"
#include "engine/run.h"
#include "tests/bench/benchmark.h"

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
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

struct Watched {
    double seconds = 0, steps = 0, processorSeconds = 0;
    int frames = 0;
    double mapMoves = 0, embeddingMoves = 0;  ///< Sums over the frames, relative to the radius.
};

/// Mean distance between the rows of two tables, relative to the root mean square distance from the centre.
double movement(const std::vector<float>& a, const std::vector<float>& b, std::size_t width) {
    std::vector<double> mean(width);
    const std::size_t count = a.size() / width;
    for (std::size_t i = 0; i < a.size(); ++i)
        mean[i % width] += static_cast<double>(b[i]) / static_cast<double>(count);
    double moved = 0, radius = 0;
    for (std::size_t i = 0; i < count; ++i) {
        double step = 0;
        for (std::size_t k = 0; k < width; ++k) {
            step += std::pow(static_cast<double>(a[i * width + k]) - b[i * width + k], 2);
            radius += std::pow(b[i * width + k] - mean[k], 2);
        }
        moved += std::sqrt(step);
    }
    return moved / static_cast<double>(count) / std::sqrt(radius / static_cast<double>(count));
}

void compare(Watched& watched, const Layout& before, const Layout& now) {
    if (before.coordinates.size() != now.coordinates.size() || before.method != now.method) return;
    watched.mapMoves += movement(before.coordinates, now.coordinates, 2);
    watched.embeddingMoves +=
        movement(before.bank->embeddings, now.bank->embeddings, static_cast<std::size_t>(now.bank->dimension));
}

/// Watches the run for a while. @param map Null: nobody looks.
void watch(const Run& run, ProjectionRun* map, Bell& bell, double seconds, Watched& watched) {
    const Clock::time_point begun = Clock::now();
    const double processorBefore = processorSeconds();
    const std::int64_t firstStep = run.latest()->step;
    std::shared_ptr<const BankFrame> bank;
    std::shared_ptr<const Layout> shown = map ? map->latest() : nullptr;
    while (secondsSince(begun) < seconds && !run.latest()->ended()) {
        bell.wait();
        const auto snapshot = run.latest();
        if (map && snapshot->bank && snapshot->bank != bank) map->follow(bank = snapshot->bank);
        const auto layout = map ? map->latest() : nullptr;
        if (!layout || layout == shown) continue;
        if (shown) compare(watched, *shown, *layout);
        ++watched.frames;
        shown = layout;
    }
    watched.seconds += secondsSince(begun);
    watched.processorSeconds += processorSeconds() - processorBefore;
    watched.steps += static_cast<double>(run.latest()->step - firstStep);
}

/// What a map moves from one frame to the next if each begins with principal components, against one that follows.
void printStability(const Watched& tsne, const std::vector<std::shared_ptr<const BankFrame>>& banks) {
    std::vector<float> before;
    std::vector<double> moves;
    for (const auto& bank : banks) {
        const auto map = makeMap({bank->embeddings, bank->dimension, {}, {"tsne", {}}});
        std::vector<float> now = alignedMap(map->coordinates, before, 1);
        if (!before.empty()) moves.push_back(meanDisplacement(before, now));
        before = std::move(now);
    }
    if (moves.empty() || tsne.frames == 0) return;
    const double fresh = medianOf(moves), warm = tsne.mapMoves / tsne.frames;
    print({{"bench", "live"},
           {"map", "tsne with a fresh start each frame"},
           {"map_movement_per_frame", rounded(fresh)},
           {"times_as_much_as_following", rounded(fresh / warm)}});
}

void watchTraining(const std::string& folder, double seconds, int threads) {
    Experiment experiment;
    experiment.data.folder = folder;
    experiment.epochs = 1000;
    experiment.threads = threads;
    Bell bell;
    const auto ring = [&bell] { bell.ring(); };
    const auto data = withHoldOut(*loadDataSet(experiment.data), experiment.data, experiment.seed);
    const auto run = startTrainingRun({1, experiment, data, nullptr, ring});
    while (run->latest()->step < 20 && !run->latest()->ended()) bell.wait();

    const auto makeFollower = [&](const char* method) {
        auto map = std::make_unique<ProjectionRun>(ring);
        map->setMethod({method, {}});
        map->setQuiet(true);
        map->setMeasuring(true);
        return map;
    };
    std::map<std::string, Watched> watched;
    std::vector<std::shared_ptr<const BankFrame>> banks;
    const auto tsne = makeFollower("tsne");
    // Its neighbours and early steps are no part of the comparison: they come once, while the run waits.
    run->post(SetPaused{true});
    tsne->setQuiet(false);
    while (!run->latest()->ended() && !(tsne->latest() && tsne->latest()->mapStep > 250)) {
        Watched warming;
        watch(*run, tsne.get(), bell, 0.5, warming);
    }
    tsne->setQuiet(true);
    run->post(SetPaused{false});
    const auto rest = [&](bool resting) {
        tsne->setFrozen(resting);
        tsne->setMeasuring(!resting);
    };
    for (int round = 0; round < 4; ++round) {
        rest(true);
        watch(*run, nullptr, bell, seconds, watched["none"]);
        rest(false);
        watch(*run, tsne.get(), bell, seconds, watched["tsne"]);
        banks.push_back(run->latest()->bank);
        rest(true);
        watch(*run, nullptr, bell, seconds, watched["none"]);
        const auto pca = makeFollower("pca");
        watch(*run, pca.get(), bell, seconds, watched["pca"]);
    }
    const double alone = watched["none"].steps / watched["none"].seconds;
    const double aloneCost = watched["none"].processorSeconds / watched["none"].steps;
    for (const auto& [name, each] : watched)
        print({{"bench", "live"},
               {"map", name},
               {"points", run->latest()->bank ? run->latest()->bank->count() : 0},
               {"steps_per_second", rounded(each.steps / each.seconds)},
               {"share_of_alone", rounded(each.steps / each.seconds / alone)},
               {"share_by_processor_time", rounded(aloneCost * each.steps / each.processorSeconds)},
               {"frames_per_second", rounded(each.frames / each.seconds)},
               {"map_movement_per_frame", rounded(each.mapMoves / std::max(each.frames, 1))},
               {"embedding_movement_per_frame", rounded(each.embeddingMoves / std::max(each.frames, 1))}});
    run->requestStop();
    printStability(watched["tsne"], banks);
}

Measurement prepare(CLI::App& command) {
    struct Options {
        std::string folder;
        double seconds = 5;
        int threads = 0;
    };
    const auto options = std::make_shared<Options>();
    command.add_option("folder", options->folder, "Of images; the bundled sample if none");
    command.add_option("--seconds", options->seconds, "Of each turn");
    command.add_option("--threads", options->threads, "Of the training; 0: all cores");
    return [options] {
        const std::string folder = options->folder.empty() ? bundledSampleFolder().string() : options->folder;
        watchTraining(folder, options->seconds, options->threads);
    };
}

}  // namespace

Benchmark liveBenchmark() {
    return {"live", "A training run with and without a live map beside it", prepare};
}

}  // namespace embedscope::bench
