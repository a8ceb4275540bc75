// Speed and calm of the maps; prints JSON lines.
//   embedscope_bench_map maps FILE.npy [threads]    seconds, objective and trustworthiness of t-SNE and UMAP
//   embedscope_bench_map live FOLDER [seconds]      one training run watched with no map, PCA and t-SNE in turns
// The second compares within one run: shares of images/s, frames a second, and how far points move from frame to frame.

#include "engine/data_load.h"
#include "engine/embedding_file.h"
#include "engine/faithfulness.h"
#include "engine/machine.h"
#include "engine/map_task.h"
#include "engine/projection.h"
#include "engine/run.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <condition_variable>
#include <iostream>
#include <map>
#include <mutex>
#include <string>
#include <sys/resource.h>

using namespace embedscope;

namespace {

using Clock = std::chrono::steady_clock;

double secondsSince(Clock::time_point before) {
    return std::chrono::duration<double>(Clock::now() - before).count();
}

void timeMaps(const std::string& file, int threads) {
    const EmbeddingTable table = readEmbeddings(file);
    for (const char* method : {"tsne", "umap"}) {
        const auto map = makeMap({table.rows, table.dimension, {}, {method, {}}, 2, 1, threads});
        const auto trust = faithfulness(table.rows, table.dimension, map->coordinates, 2, 12, 3'000);
        std::cout << "{\"method\":\"" << method << "\",\"points\":" << table.count << ",\"threads\":" << threads
                  << ",\"seconds_neighbors\":" << map->neighborSeconds
                  << ",\"seconds_optimization\":" << map->optimizationSeconds << ",\"objective\":" << map->objective
                  << ",\"trustworthiness\":" << trust->trustworthiness << "}" << std::endl;
    }
}

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

void watchTraining(const std::string& folder, double seconds) {
    Experiment experiment;
    experiment.data.folder = folder;
    experiment.epochs = 1000;
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
        rest(true);
        watch(*run, nullptr, bell, seconds, watched["none"]);
        const auto pca = makeFollower("pca");
        watch(*run, pca.get(), bell, seconds, watched["pca"]);
    }
    const double alone = watched["none"].steps / watched["none"].seconds;
    const double aloneCost = watched["none"].processorSeconds / watched["none"].steps;
    for (const auto& [name, each] : watched)
        std::cout << "{\"map\":\"" << name << "\",\"steps_per_second\":" << each.steps / each.seconds
                  << ",\"share_of_alone\":" << each.steps / each.seconds / alone
                  << ",\"share_by_processor_time\":" << aloneCost * each.steps / each.processorSeconds
                  << ",\"frames_per_second\":" << each.frames / each.seconds
                  << ",\"map_movement_per_frame\":" << each.mapMoves / std::max(each.frames, 1)
                  << ",\"embedding_movement_per_frame\":" << each.embeddingMoves / std::max(each.frames, 1)
                  << ",\"points\":" << (run->latest()->bank ? run->latest()->bank->count() : 0) << "}" << std::endl;
}

}  // namespace

int main(int argc, char** argv) try {
    prepareProcess();
    const std::string command = argc > 2 ? argv[1] : "";
    if (command == "maps")
        timeMaps(argv[2], argc > 3 ? std::stoi(argv[3]) : 0);
    else if (command == "live")
        watchTraining(argv[2], argc > 3 ? std::stod(argv[3]) : 5);
    else
        std::cerr << "embedscope_bench_map maps FILE.npy [threads] | live FOLDER [seconds]\n";
    return command == "maps" || command == "live" ? 0 : 2;
} catch (const std::exception& failure) {
    std::cerr << failure.what() << '\n';
    return 1;
}
